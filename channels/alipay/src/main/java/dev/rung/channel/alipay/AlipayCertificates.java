package dev.rung.channel.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.channel.gateway.RsaKeys;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The certificates of an app in Alipay's certificate mode (公钥证书).
 *
 * @param app the app's certificate
 * @param alipay Alipay's certificate, followed by those of its issuers, if given
 * @param roots Alipay's root certificates with RSA keys, in their order in the file
 */
record AlipayCertificates(X509Certificate app, List<X509Certificate> alipay, List<X509Certificate> roots) {
    /** RSA with any digest: the root file also has a certificate with an SM2 key, which the JDK cannot read. */
    private static final String RSA = "1.2.840.113549.1.1.";

    AlipayCertificates {
        alipay = List.copyOf(alipay);
        roots = List.copyOf(roots);
    }

    /** From the text of the three files. */
    static AlipayCertificates of(String app, String alipay, String root) {
        return new AlipayCertificates(RsaKeys.certificates(app).getFirst(), RsaKeys.certificates(alipay), roots(root));
    }

    /**
     * Reads Alipay's root certificates, without those for other algorithms than RSA.
     *
     * @throws IllegalArgumentException if there is none
     */
    static List<X509Certificate> roots(String pem) {
        return RsaKeys.certificatesForRsa(pem).stream()
                .filter(certificate -> certificate.getSigAlgOID().startsWith(RSA))
                .toList();
    }

    /** What Alipay calls the SN of a certificate: the MD5 of its issuer and its serial number. */
    static String sn(X509Certificate certificate) {
        String text = certificate.getIssuerX500Principal().getName() + certificate.getSerialNumber();
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }

    String appSn() {
        return sn(app);
    }

    String rootSn() {
        return roots.stream().map(AlipayCertificates::sn).collect(Collectors.joining("_"));
    }

    /**
     * Whether Alipay's certificate of the settings does not belong to the root certificates. Without its issuer, which some files leave out, that cannot be
     * known.
     */
    boolean isOfOtherRoots() {
        List<X509Certificate> path = path(alipay.getFirst(), alipay, List.of());
        X509Certificate last = path.getLast();
        return roots.stream().noneMatch(root -> isIssuedBy(last, root))
                && (path.size() > 1 || roots.stream().anyMatch(root -> isNamedAsIssuerOf(last, root)));
    }

    /**
     * Checks that a certificate was issued under the root certificates, or by an issuer of the settings: those of the sandbox are not marked as issuers.
     *
     * @param issuers may contain the certificates between the two
     * @param at when it has to be valid
     * @return why it was not; continues a sentence that begins with the certificate
     */
    Optional<String> fault(X509Certificate certificate, List<X509Certificate> issuers, Instant at) {
        List<X509Certificate> trusted = Stream.concat(
                        roots.stream(),
                        alipay.stream()
                                .skip(1)
                                .filter(issuer -> roots.stream().anyMatch(root -> isIssuedBy(issuer, root))))
                .toList();
        try {
            PKIXParameters parameters = new PKIXParameters(
                    trusted.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet()));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(path(certificate, issuers, trusted)),
                            parameters);
            return Optional.empty();
        } catch (CertPathValidatorException e) {
            return Optional.of(
                    e.getReason() == CertPathValidatorException.BasicReason.EXPIRED
                            ? "has expired"
                            : "was not issued under root_cert: " + e.getMessage());
        } catch (GeneralSecurityException e) {
            return Optional.of("cannot be checked: " + e.getMessage());
        }
    }

    /** The certificate and its issuers, as far as they are given, up to one that a trusted certificate has issued. */
    private static List<X509Certificate> path(
            X509Certificate certificate, List<X509Certificate> issuers, List<X509Certificate> trusted) {
        List<X509Certificate> path = new ArrayList<>();
        Optional<X509Certificate> next = Optional.of(certificate);
        while (next.isPresent() && !path.contains(next.get())) {
            X509Certificate last = next.get();
            path.add(last);
            next = trusted.stream().anyMatch(issuer -> isNamedAsIssuerOf(last, issuer))
                    ? Optional.empty()
                    : issuers.stream()
                            .filter(issuer -> isNamedAsIssuerOf(last, issuer))
                            .findFirst();
        }
        return path;
    }

    private static boolean isNamedAsIssuerOf(X509Certificate certificate, X509Certificate issuer) {
        return certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal());
    }

    private static boolean isIssuedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey());
            return isNamedAsIssuerOf(certificate, issuer);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
