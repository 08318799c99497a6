"""The states of a record type drawn as SVG: a column of states, steps forward right, back left.

Every place follows from the order of `states.csv`, so the drawing is the same each time and no
arrow can run through a state.
"""

from html import escape

from gateway.catalogue.beside import Beside

_HIGH, _PITCH, _LETTER, _TOP = 24, 40, 7.3, 10

Step = tuple[int, int]


def state_drawing(name: str, beside: Beside) -> str:
    """One `<svg>` element without script, style sheet or outside reference.

    A dot marks where a record may begin, a double frame where it ends for good.
    """
    states = beside.states
    place = {state: number for number, state in enumerate(states)}
    steps = [(place[start], place[to]) for start, to in beside.steps if start]
    ahead = [(a, b) for a, b in steps if b > a + 1 or a == b]
    back = [(a, b) for a, b in steps if b < a]
    left, right = _margin(back), _margin(ahead)
    wide = max(len(state) for state in states) * _LETTER + 22
    begin = left + 26
    parts = [
        _state(s, begin, _TOP + n * _PITCH, wide, last=_last(n, steps)) for s, n in place.items()
    ]
    parts += [_begin(begin, place[to]) for start, to in beside.steps if not start]
    parts += [_down(begin + wide / 2, a, name) for a, b in steps if b == a + 1]
    parts += _arcs(ahead, begin + wide, 1, name)
    parts += _arcs(back, begin, -1, name)
    width, height = round(begin + wide + right), _TOP * 2 + len(states) * _PITCH - _PITCH + _HIGH
    return (
        f'<svg role="img" aria-label="States of {escape(name)}" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}"><defs><marker id="tip-{escape(name)}" viewBox="0 0 8 8"'
        ' refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0 8 4 0 8z"/></marker></defs>' + "".join(parts) + "</svg>"
    )


def _last(number: int, steps: list[Step]) -> bool:
    return not any(a == number for a, _ in steps)


def _margin(steps: list[Step]) -> float:
    return max((_bulge(step) * 0.75 + 12 for step in steps), default=12)


def _bulge(step: Step) -> float:
    return 30 + 15 * abs(step[1] - step[0])


def _state(state: str, x: float, y: float, wide: float, *, last: bool) -> str:
    inner = (
        f'<rect x="{x + 3:g}" y="{y + 3:g}" width="{wide - 6:.1f}" height="{_HIGH - 6}" rx="3"/>'
        if last
        else ""
    )
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:.1f}" height="{_HIGH}" rx="5"/>{inner}'
        f'<text x="{x + wide / 2:.1f}" y="{y + 16:g}">{escape(state)}</text>'
    )


def _begin(x: float, number: int) -> str:
    # Above the middle, where arrows that come back meet the state.
    y = _TOP + number * _PITCH + 6
    return f'<circle cx="{x - 9:g}" cy="{y:g}" r="4"/><path d="M{x - 5:g} {y:g}H{x:g}"/>'


def _down(x: float, number: int, name: str) -> str:
    y = _TOP + number * _PITCH + _HIGH
    return f'<path d="M{x:.1f} {y:g}V{y + _PITCH - _HIGH:g}" marker-end="url(#tip-{name})"/>'


def _arcs(steps: list[Step], x: float, side: int, name: str) -> list[str]:
    port = _ports(steps)
    return [_arc(step, (port[step, 0], port[step, 1]), x, side, name) for step in steps]


def _arc(step: Step, port: tuple[float, float], x: float, side: int, name: str) -> str:
    leaves, comes = port
    bend = x + side * _bulge(step)
    # A loop opens, so that its two ends can be told apart.
    open_by = 9 if step[0] == step[1] else 0
    return (
        f'<path d="M{x:.1f} {leaves:.1f}C{bend:.1f} {leaves - open_by:.1f} {bend:.1f} '
        f"{comes + open_by:.1f} {x + side * 2:.1f} {comes:.1f}"
        f'" marker-end="url(#tip-{name})"/>'
    )


def _ports(steps: list[Step]) -> dict[tuple[Step, int], float]:
    """The height at which each arrow leaves (0) and comes (1), so that nested ones do not cross."""
    found: dict[tuple[Step, int], float] = {}
    for number in {end for step in steps for end in step}:
        here = [(step, end) for step in steps for end in (0, 1) if step[end] == number]
        here.sort(key=_turn)
        gap = min(5.0, (_HIGH - 6) / len(here))
        first = _TOP + number * _PITCH + _HIGH / 2 - gap * (len(here) - 1) / 2
        found |= {one: first + place * gap for place, one in enumerate(here)}
    return found


def _turn(arrow: tuple[Step, int]) -> tuple[int, int]:
    # From or to states above, the nearest highest; then loops; then those below, farthest first.
    step, end = arrow
    here, other = step[end], step[1 - end]
    if other < here:
        return (0, here - other)
    return (1, end) if other == here else (2, here - other)
