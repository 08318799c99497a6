"""Every key of two states is rotated by commands while records go from one to the other.

One story, told once: a record before, the new keys announced but not begun, both in force, the old
ones ended, then the keys of the directory. Records are sent all the while. Each test asks it one
thing.
"""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding

from certs.directories import HOLDERS
from gateway.cli.main import main
from gateway.delivery.link import Link
from gateway.proof import note
from gateway.proof.json_signature import peek_thumbprint
from gateway.proof.keys import load_certificates, load_note_key, thumbprint
from gateway.proof.merkle import EMPTY_ROOT
from gateway.proof.tlog_proof import read_proof
from gateway.transparency.witness import request_body
from gateway.wiring import now
from tests.support.gateways import codes, until
from tests.support.rotation import ACTORS, Flow, Pair, flowing, lmx, pair
from tests.support.stale import answer_to, copy_of_trust, only, stale

# Long enough for commands, publication and the looks before the new keys begin, on a quiet machine.
ANNOUNCED, OVERLAP = timedelta(seconds=20), timedelta(seconds=12)


@dataclass
class Story:
    """What was seen; by phase: an exchange sent in it, its bundle, and answers to what was tried.

    answers: (status, code) by phase and key; signed: phases in which a checkpoint was seen that
    the log keys of that time signed, and they alone.
    """

    pair: Pair
    flow: Flow
    folder: Path
    bundles: dict[str, Path] = field(default_factory=dict)
    answers: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    signed: list[str] = field(default_factory=list)
    served: dict[str, bytes] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)

    def look(self, phase: str) -> None:
        """Send a record, and try the old and the new key of submitter, peer and log."""
        self.chosen[phase] = self.flow.next()
        for key, stem in (("old", ACTORS["KZ"]), ("new", f"{ACTORS['KZ']}-2")):
            self.answers[phase, f"{key} submitter"] = asked(
                self.pair.submitter("KZ", stem), "/v1/inbox"
            )
            number = "" if key == "old" else "-2"
            keys = only(
                self.pair.config("KZ").keys, self.folder / f"{phase}-{key}", f"peer{number}"
            )
            self.answers[phase, f"{key} peer"] = asked(
                self.pair.link("KZ", keys), "/peer/v1/logs/uz-kz/checkpoint"
            )
            self.answers[phase, f"{key} log"] = self.shown(f"log-uz{number}")
        self.served[phase] = self.pair.served("UZ")

    def signed_by(self, phase: str, numbers: Sequence[str]) -> None:
        """Wait for a checkpoint of UZ that log keys of these generations sign, and they alone."""
        file = self.pair.config("UZ").keys
        name = "gw.uz.example/log/uz-kz"
        wanted = {
            load_note_key(file / f"log-kz{one}.key", name=name, kind=note.LOG_KEY).vkey.key_id
            for one in numbers
        }

        def found() -> bool:
            reply = self.pair.link("KZ").get("/peer/v1/logs/uz-kz/checkpoint")
            return {one.key_id for one in note.read_note(reply.body).signatures} == wanted

        # A checkpoint is signed with the next commit: that of now may be from before the window.
        until(found, f"a checkpoint signed as {phase}")
        self.signed.append(phase)

    def shown(self, stem: str) -> tuple[int, str]:
        """Show the partner's witness a checkpoint that one log key alone signed."""
        file = self.pair.config("KZ").keys / f"{stem}.key"
        key = load_note_key(file, name="gw.kz.example/log/kz-uz", kind=note.LOG_KEY)
        made = note.sign_checkpoint(note.Checkpoint(key.name, 0, EMPTY_ROOT), key)
        body = request_body(0, (), made.data())
        reply = self.pair.link("KZ").post("/peer/v1/add-checkpoint", body, "text/plain")
        return reply.status, reply.body.decode() if reply.status == 403 else ""


def asked(link: Link, target: str) -> tuple[int, str]:
    reply = link.get(target)
    return reply.status, json.loads(reply.body)["code"] if reply.status >= 400 else ""


def passed(at: datetime) -> None:
    until(lambda: now() > at, f"{at:%H:%M:%S}")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("rotation")
    with pair(folder / "states") as made:
        with flowing(made) as flow:
            told = Story(made, flow, folder)
            first = flow.next()
            told.bundles["before"] = made.bundle(first, folder / "before.asice")
            copy_of_trust(made, folder / "old-trust")
            before = now()
            authorities = {state: made.authority(state) for state in ACTORS}
            # A busy machine announces and looks as slowly as it has published these.
            spent = now() - before
            begins = now() + max(ANNOUNCED, 3 * spent)
            ends = begins + max(OVERLAP, 2 * spent)
            for state, ca in authorities.items():
                made.rotate(state, ca, begins=begins, ends=ends)
            for state in ACTORS:
                lmx("directory", "witnesses", "--config", made.made.settings[state])
            told.signed_by("announced", [""])
            told.look("announced")
            assert now() < begins, "announcing took too long for the windows of this test"
            passed(begins)
            for state, name in ACTORS.items():
                made.use(state, f"{name}-2")
            until(lambda: made.served("UZ") == leaf(made, "UZ", "tls-2"), "the new TLS certificate")
            told.signed_by("both", ["", "-2"])
            told.look("both")
            assert now() < ends, "looking took too long for the windows of this test"
            passed(ends)
            told.signed_by("ended", ["-2"])
            told.look("ended")
            directory_keys(made)
            told.look("directory")
        for phase, x in told.chosen.items():
            told.bundles[phase] = made.bundle(x, folder / f"{phase}.asice")
        yield told


def leaf(made: Pair, state: str, stem: str) -> bytes:
    (found, *_) = load_certificates(made.config(state).keys / f"{stem}.pem")
    return found.public_bytes(Encoding.DER)


def directory_keys(made: Pair) -> None:
    """Give every role of KZ's directory a key that follows one of its keys."""
    home, fresh = made.home("KZ"), made.made.folder / "fresh"
    first, second, _ = HOLDERS
    online = home / "keys/directory"
    options = made.draft("KZ")
    for role, holder, signer in (
        ("root", first, None),
        ("targets", first, None),
        ("ops", "ops-1", "ops-1"),
        ("revoked", "revoked-1", "revoked-1"),
        ("snapshot", "snapshot", "snapshot"),
        ("timestamp", "timestamp", "timestamp"),
    ):
        new = fresh / role
        lmx("directory", "key", new, "--holder", f"{holder}-new")
        lmx(
            "directory", "rotate", "--role", role, "--replace", holder,
            "--by", new.with_suffix(".pub"), *options,
        )  # fmt: skip
        if signer:
            (online / f"{signer}.key").rename(fresh / f"{signer}-left.key")
            shutil.copy(new.with_suffix(".key"), online / f"{signer}.key")
    offline = home / "offline"
    signers = [
        offline / first / "root.key",
        offline / second / "root.key",
        fresh / "root.key",
        offline / second / "targets.key",
        fresh / "targets.key",
    ]
    made.release("KZ", options, signers)


def keyid(made: Pair, state: str, stem: str) -> str:
    return thumbprint(load_certificates(made.config(state).keys / f"{stem}.pem")[0])


def signers(bundle: Path) -> tuple[str, set[str]]:
    """Give the key of the seal and those of the receipts in a bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    receipts = {
        peek_thumbprint(data.decode("ascii"))
        for name, data in files.items()
        if name.startswith("receipts/")
    }
    return peek_thumbprint(files["exchange/header.jws"].decode("ascii")), receipts


def cosigners(bundle: Path) -> set[bytes]:
    """Give the ids of all keys that signed the checkpoints of a bundle."""
    with zipfile.ZipFile(io.BytesIO(bundle.read_bytes())) as archive:
        proofs = [archive.read(one) for one in archive.namelist() if one.endswith(".tlog-proof")]
    notes = [note.read_note(read_proof(one).note) for one in proofs]
    return {line.key_id for one in notes for line in one.signatures}


def witness_id(made: Pair, state: str, stem: str) -> bytes:
    name = f"gw.{state.lower()}.example/witness"
    file = made.config(state).keys / f"{stem}.key"
    return load_note_key(file, name=name, kind=note.COSIGNER_KEY).vkey.key_id


def verified(bundle: Path, trust: Path) -> int:
    return CliRunner().invoke(main, ["verify", str(bundle), "--trust", str(trust)]).exit_code


def test_every_record_that_was_sent_arrived_and_none_was_refused(story: Story) -> None:
    _, link = story.pair.made.actor(ACTORS["KZ"])
    assert story.flow.refused == []
    assert len(story.flow.sent) > 20
    for x in story.flow.sent:
        until(lambda x=x: "B.1" in codes(link, x), f"B.1 of {x}")


@pytest.mark.parametrize("role", ["submitter", "peer"])
@pytest.mark.parametrize(
    ("phase", "key"), [("announced", "new"), ("ended", "old"), ("directory", "old")]
)
def test_a_request_key_outside_its_window_is_refused(
    story: Story, role: str, phase: str, key: str
) -> None:
    assert story.answers[phase, f"{key} {role}"] == (401, "certificate.invalid")


@pytest.mark.parametrize("role", ["submitter", "peer"])
@pytest.mark.parametrize(
    ("phase", "key"),
    [("announced", "old"), ("both", "old"), ("both", "new"), ("ended", "new")],
)
def test_a_request_key_within_its_window_is_taken(
    story: Story, role: str, phase: str, key: str
) -> None:
    assert story.answers[phase, f"{key} {role}"] == (200, "")


@pytest.mark.parametrize(("phase", "key"), [("announced", "new"), ("ended", "old")])
def test_a_witness_does_not_know_a_log_key_outside_its_window(
    story: Story, phase: str, key: str
) -> None:
    told = "the checkpoint must carry a signature of its own log's key\n"
    assert story.answers[phase, f"{key} log"] == (403, told)


def test_a_witness_knows_both_log_keys_in_the_overlap(story: Story) -> None:
    # 409: the signature held, and the size is not the one that was last seen.
    assert [story.answers["both", f"{key} log"][0] for key in ("old", "new")] == [409, 409]


def test_checkpoints_carry_the_lines_of_both_log_keys_in_the_overlap_alone(story: Story) -> None:
    assert story.signed == ["announced", "both", "ended"]


def test_the_peer_port_serves_the_new_certificate_without_a_restart(story: Story) -> None:
    # In the overlap a worker that ends may still answer under the old one.
    served = [story.served[one] for one in ("announced", "directory")]
    assert served == [leaf(story.pair, "UZ", one) for one in ("tls", "tls-2")]
    assert [one.poll() for one in story.pair.made.running.values()] == [None, None]


@pytest.mark.parametrize(
    ("phase", "number"),
    [("before", ""), ("announced", ""), ("both", "-2"), ("ended", "-2"), ("directory", "-2")],
)
def test_seal_and_receipts_are_signed_by_the_keys_of_their_time(
    story: Story, phase: str, number: str
) -> None:
    seal, receipts = signers(story.bundles[phase])
    assert seal == keyid(story.pair, "KZ", f"seal{number}")
    first = {keyid(story.pair, state, f"evidence{number}") for state in ACTORS}
    assert first <= receipts


def test_checkpoints_of_afterwards_are_cosigned_by_the_new_witness_keys_alone(
    story: Story,
) -> None:
    seen = cosigners(story.bundles["directory"])
    ids = {
        stem: {witness_id(story.pair, state, stem) for state in ACTORS}
        for stem in ("witness", "witness-2")
    }
    assert (seen & ids["witness"], ids["witness-2"] <= seen) == (set(), True)


@pytest.mark.parametrize("phase", ["before", "announced", "both", "ended", "directory"])
def test_every_bundle_verifies_with_the_trust_of_afterwards(story: Story, phase: str) -> None:
    trust = story.pair.config("UZ").trust
    assert verified(story.bundles[phase], trust) == 0


def test_the_bundle_of_before_verifies_with_the_trust_of_its_time(story: Story) -> None:
    assert verified(story.bundles["before"], story.folder / "old-trust") == 0


def test_the_directory_stands_on_a_second_root(story: Story) -> None:
    for state in ACTORS:
        file = story.pair.config(state).trust / "directory/kz/metadata/2.root.json"
        told = json.loads(file.read_bytes())["signed"]
        holders = {told["keys"][one]["x-lmx-holder"] for one in told["roles"]["root"]["keyids"]}
        assert holders == {f"{HOLDERS[0]}-new", *HOLDERS[1:]}


def test_a_holder_whose_root_key_was_replaced_signs_no_more(story: Story) -> None:
    made = story.pair
    options = made.draft("KZ")
    lmx("directory", "rotate", "--role", "root", *options)
    left = made.home("KZ") / "offline" / HOLDERS[0] / "root.key"
    ran = CliRunner().invoke(
        main, ["directory", "sign", *map(str, options[2:]), "--key", str(left), "--yes"]
    )
    assert (ran.exit_code, "holder" in ran.output) == (1, True)


@pytest.mark.parametrize("role", ["seal", "evidence"])
def test_what_an_ended_key_signs_is_refused_by_the_partner(story: Story, role: str) -> None:
    """A gateway that goes on with its old key: its message is sealed, and taken by nobody."""
    made, folder = story.pair, story.folder / f"stale-{role}"
    keys = only(made.config("KZ").keys, folder / "keys", role)
    with stale(made, folder, keys) as config:
        answer = answer_to(made, config)
    assert answer == {"retry": False, "code": "certificate.invalid"}
