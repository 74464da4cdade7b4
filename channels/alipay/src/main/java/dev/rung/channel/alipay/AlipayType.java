package dev.rung.channel.alipay;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.gateway.KeptFile;
import dev.rung.channel.gateway.RsaKeys;
import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.channel.MemberChecks;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Alipay, for {@link java.util.ServiceLoader}. */
public final class AlipayType implements ChannelType {
    static final String NAME = "alipay";

    private static final String APP_AUTH_TOKEN = "app_auth_token";

    private static final List<String> CERTIFICATES = List.of("app_cert", "alipay_cert", "root_cert");

    private static final List<AccountMember> MEMBERS = List.of(
            AccountMember.text("app_id", "ID", "the app's id at Alipay")
                    .asRequired()
                    .checkedBy(MemberChecks::id),
            AccountMember.secret("private_key", "the app's private key (PKCS#8: PEM or base64)")
                    .asRequired()
                    .checkedBy(RsaKeys::privateKey),
            AccountMember.file("public_key", "Alipay's public key (PEM or base64), not the app's")
                    .checkedBy(RsaKeys::publicKey),
            AccountMember.file("app_cert", "in the certificate mode: the app's certificate (appCertPublicKey_….crt)")
                    .checkedBy(RsaKeys::certificates),
            AccountMember.file("alipay_cert", "Alipay's certificate (alipayCertPublicKey_RSA2.crt)")
                    .checkedBy(RsaKeys::certificates),
            AccountMember.file("root_cert", "Alipay's root certificates (alipayRootCert.crt)")
                    .checkedBy(AlipayCertificates::roots),
            AccountMember.secret(
                            APP_AUTH_TOKEN, "as a service provider: the authorization of the merchant that is paid")
                    .checkedBy(AlipayAccount::appAuthToken),
            AccountMember.text("seller_id", "ID", "the seller id that callbacks must carry; any if omitted")
                    .checkedBy(MemberChecks::id),
            AccountMember.text("mode", "MODE", "the default method: precreate (qr) or page")
                    .defaultingTo("precreate")
                    .checkedBy(MemberChecks.oneOf(AlipayAccount.Mode.class)),
            AccountMember.bills("10:30"),
            AccountMember.ordersPrefix(),
            AccountMember.text("gateway", "URL", "URL of Alipay's gateway")
                    .defaultingTo("https://openapi.alipay.com/gateway.do")
                    .checkedBy(MemberChecks::webAddress));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Alipay (支付宝)";
    }

    @Override
    public List<AccountMember> members() {
        return MEMBERS;
    }

    @Override
    public List<PaymentMethod> methods() {
        return List.of(
                PaymentMethod.QR,
                PaymentMethod.PAGE,
                PaymentMethod.WAP,
                PaymentMethod.APP,
                PaymentMethod.JSAPI,
                PaymentMethod.BARCODE);
    }

    /** The account's mode is its default. */
    @Override
    public List<PaymentMethod> methods(ChannelAccount account) {
        boolean page = MemberChecks.constant(account.get("mode"), AlipayAccount.Mode.class) == AlipayAccount.Mode.PAGE;
        return Stream.concat(Stream.of(page ? PaymentMethod.PAGE : PaymentMethod.QR), methods().stream())
                .distinct()
                .toList();
    }

    @Override
    public @Nullable String problem(ChannelAccount account) {
        List<String> missing = CERTIFICATES.stream()
                .filter(name -> account.find(name).isEmpty())
                .toList();
        if (account.find("public_key").isPresent()) {
            return missing.size() == CERTIFICATES.size()
                    ? null
                    : "public_key_file is for the public-key mode; app_cert_file, alipay_cert_file and root_cert_file are"
                            + " for the certificate mode: give those of one mode";
        }
        if (missing.size() == CERTIFICATES.size()) {
            return "public_key_file is missing, or app_cert_file, alipay_cert_file and root_cert_file";
        }
        if (!missing.isEmpty()) {
            return missing.stream().map(name -> name + "_file").collect(Collectors.joining(", "))
                    + (missing.size() == 1 ? " is" : " are") + " missing in the certificate mode";
        }
        return AlipayCertificates.of(account.get("app_cert"), account.get("alipay_cert"), account.get("root_cert"))
                        .isOfOtherRoots()
                ? "alipay_cert was not issued under root_cert"
                : null;
    }

    @Override
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        return new AlipayChannel(
                AlipayAccount.of(account),
                context::callbackUrl,
                GatewayClient.outbound(context),
                context.clock(),
                merchant -> context.secretOfMerchant(merchant, APP_AUTH_TOKEN),
                new KeptFile(context::folder, "certificates.pem"));
    }

    @Override
    public Optional<BillFormat> billFormat() {
        return Optional.of(AlipayBill.FORMAT);
    }
}
