package dev.rung.channel.alipay;

import dev.rung.channel.gateway.GatewayClient;
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
import java.util.stream.Stream;

/** Alipay, for {@link java.util.ServiceLoader}. */
public final class AlipayType implements ChannelType {
    static final String NAME = "alipay";

    private static final List<AccountMember> MEMBERS = List.of(
            AccountMember.text("app_id", "ID", "the app's id at Alipay")
                    .asRequired()
                    .checkedBy(MemberChecks::id),
            AccountMember.secret("private_key", "the app's private key (PKCS#8: PEM or base64)")
                    .asRequired()
                    .checkedBy(RsaKeys::privateKey),
            AccountMember.file("public_key", "Alipay's public key (PEM or base64), not the app's")
                    .asRequired()
                    .checkedBy(RsaKeys::publicKey),
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
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        return new AlipayChannel(
                AlipayAccount.of(account), context::callbackUrl, GatewayClient.outbound(context), context.clock());
    }

    @Override
    public Optional<BillFormat> billFormat() {
        return Optional.of(AlipayBill.FORMAT);
    }
}
