package dev.rung.channel.simulator;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.payments.bank.BankLedger;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel;
import java.util.List;

/** The simulated bank, for {@link java.util.ServiceLoader}. All its accounts in one database belong to the same bank. */
public final class SimulatorType implements ChannelType {
    static final String NAME = "simulator";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a simulated bank inside the server";
    }

    @Override
    public List<AccountMember> members() {
        return List.of(AccountMember.bills("off"), AccountMember.ordersPrefix());
    }

    @Override
    public List<PaymentMethod> methods() {
        return List.of(
                PaymentMethod.PAGE,
                PaymentMethod.QR,
                PaymentMethod.WAP,
                PaymentMethod.APP,
                PaymentMethod.JSAPI,
                PaymentMethod.BARCODE);
    }

    @Override
    public boolean existsOnLoopback() {
        return true;
    }

    @Override
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        SimulatorKeys keys = SimulatorKeys.ofText(
                context.secret("keys_p256", () -> SimulatorKeys.generate().toText()));
        GatewayClient client = new GatewayClient(null, context.tls());
        SimulatedBank bank = new SimulatedBank(
                context.service(BankLedger.class), context::hostedUrl, keys, client, context.clock(), context.random());
        return new SimulatorChannel(account.name(), bank, keys, client, context);
    }
}
