package judge;

import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonCertificateSource;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;
import java.io.File;
import java.io.FileInputStream;
import java.util.Date;

/**
 * Arguments: a folder with root.cer, issuing.cer, leaf.cer, root.crl, issuing.crl (DER), the
 * validation time in milliseconds, then files. One line a file.
 */
public final class Judge {
    public static void main(String[] given) throws Exception {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        trusted.addCertificate(certificate(given[0] + "/root.cer"));
        CommonCertificateSource known = new CommonCertificateSource();
        known.addCertificate(certificate(given[0] + "/issuing.cer"));
        known.addCertificate(certificate(given[0] + "/leaf.cer"));
        CommonCertificateVerifier verifier = new CommonCertificateVerifier();
        verifier.setTrustedCertSources(trusted);
        verifier.setAdjunctCertSources(known);
        verifier.setCrlSource(
                new ExternalResourcesCRLSource(
                        new FileInputStream(given[0] + "/root.crl"),
                        new FileInputStream(given[0] + "/issuing.crl")));
        Date time = new Date(Long.parseLong(given[1]));
        for (int at = 2; at < given.length; at++) {
            System.out.println(given[at] + "\t" + told(given[at], verifier, known, time));
        }
    }

    private static String told(
            String file, CommonCertificateVerifier verifier, CommonCertificateSource known, Date time) {
        try {
            DSSDocument document = new FileDocument(file);
            SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(document);
            validator.setCertificateVerifier(verifier);
            validator.setSigningCertificateSource(known);
            validator.setValidationTime(time);
            Reports reports = validator.validateDocument();
            SimpleReport simple = reports.getSimpleReport();
            StringBuilder line = new StringBuilder();
            for (SignatureWrapper one : reports.getDiagnosticData().getSignatures()) {
                line.append(one.getSignatureFormat())
                        .append("\tintact=").append(one.isSignatureIntact() && one.isSignatureValid())
                        .append("\tstructure=").append(one.isStructuralValidationValid())
                        .append("\tindication=").append(simple.getIndication(one.getId()))
                        .append("\tsub=").append(simple.getSubIndication(one.getId()))
                        .append("\tmessages=").append(one.getStructuralValidationMessages());
            }
            return line.length() == 0 ? "no signature" : line.toString();
        } catch (Exception wrong) {
            return "unreadable\t" + wrong.getClass().getSimpleName() + " " + wrong.getMessage();
        }
    }

    private static CertificateToken certificate(String file) {
        return DSSUtils.loadCertificate(new File(file));
    }
}
