package dev.rung.channel.wechatpay;

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
import org.jspecify.annotations.Nullable;

/** WeChat Pay, for {@link java.util.ServiceLoader}. */
public final class WechatpayType implements ChannelType {
    static final String NAME = "wechatpay";

    private static final List<AccountMember> MEMBERS = List.of(
            AccountMember.text("app_id", "ID", "the app's id at WeChat")
                    .asRequired()
                    .checkedBy(MemberChecks::id),
            AccountMember.text("mch_id", "ID", "the merchant's number at WeChat Pay")
                    .asRequired()
                    .checkedBy(MemberChecks::id),
            AccountMember.text("serial_no", "HEX", "the serial number of the merchant's API certificate")
                    .asRequired()
                    .checkedBy(WechatpayAccount::serialNo),
            AccountMember.secret("private_key", "the private key of that certificate (apiclient_key.pem)")
                    .asRequired()
                    .checkedBy(RsaKeys::privateKey),
            AccountMember.secret("api_v3_key", "the APIv3 key: 32 characters")
                    .asRequired()
                    .checkedBy(WechatpayAccount::apiV3Key),
            AccountMember.text("public_key_id", "ID", "the id of WeChat Pay's public key, PUB_KEY_ID_…")
                    .checkedBy(MemberChecks::id),
            AccountMember.file("public_key", "WeChat Pay's public key (pub_key.pem)")
                    .checkedBy(RsaKeys::publicKey),
            AccountMember.file(
                            "certificates",
                            "WeChat Pay's platform certificates (PEM, one or more); fetched if there is no public key")
                    .checkedBy(RsaKeys::certificates),
            AccountMember.text("sub_mchid", "ID", "as a service provider: the number of the merchant that is paid")
                    .checkedBy(MemberChecks::id),
            AccountMember.text("sub_appid", "ID", "the app of that merchant, if its payers use it")
                    .checkedBy(MemberChecks::id),
            AccountMember.bills("10:30"),
            AccountMember.ordersPrefix(),
            AccountMember.text("gateway", "URL", "URL of WeChat Pay's gateway")
                    .defaultingTo("https://api.mch.weixin.qq.com")
                    .checkedBy(MemberChecks::webAddress));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "WeChat Pay (微信支付)";
    }

    @Override
    public List<AccountMember> members() {
        return MEMBERS;
    }

    @Override
    public List<PaymentMethod> methods() {
        return WechatpayOrders.METHODS;
    }

    @Override
    public @Nullable String problem(ChannelAccount account) {
        boolean id = account.find("public_key_id").isPresent();
        boolean key = account.find("public_key").isPresent();
        if (id != key) {
            return id
                    ? "public_key_id is given without public_key_file"
                    : "public_key_file is given without public_key_id";
        }
        return account.find("sub_appid").isPresent()
                        && account.find("sub_mchid").isEmpty()
                ? "sub_appid is given without sub_mchid"
                : null;
    }

    @Override
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        return new WechatpayChannel(
                WechatpayAccount.of(account),
                context::callbackUrl,
                GatewayClient.outbound(context),
                context.clock(),
                context.random(),
                new KeptFile(context::folder, "certificates.json"));
    }

    @Override
    public Optional<BillFormat> billFormat() {
        return Optional.of(WechatpayBill.FORMAT);
    }
}
