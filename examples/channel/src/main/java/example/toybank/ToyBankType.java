package example.toybank;

import dev.rung.payments.bill.BillFormat;
import dev.rung.payments.channel.AccountMember;
import dev.rung.payments.channel.ChannelAccount;
import dev.rung.payments.channel.ChannelContext;
import dev.rung.payments.channel.ChannelType;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.port.PaymentChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The toy bank, for {@link java.util.ServiceLoader}: {@code META-INF/services} names this class. */
public final class ToyBankType implements ChannelType {
    static final String NAME = "toybank";

    private static final int PORT_MAX = 65_535;

    private static final List<AccountMember> MEMBERS = List.of(
            AccountMember.secret("secret", "the key that both sides sign with; default: generated")
                    .checkedBy(ToyBankType::secret),
            AccountMember.text("port", "PORT", "the loopback port of the bank's pages; 0 picks a free one")
                    .defaultingTo("0")
                    .checkedBy(ToyBankType::port),
            AccountMember.text(
                            "pay_after",
                            "SECONDS",
                            "pay every order automatically after this time; default: on its page")
                    .checkedBy(ToyBankType::seconds));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "a toy bank that runs inside its plugin";
    }

    @Override
    public List<AccountMember> members() {
        return MEMBERS;
    }

    @Override
    public List<PaymentMethod> methods() {
        return List.of(PaymentMethod.PAGE);
    }

    /** Enables the account {@code toybank} by default while the server listens on loopback, because no money moves. */
    @Override
    public boolean existsOnLoopback() {
        return true;
    }

    @Override
    public PaymentChannel open(ChannelAccount account, ChannelContext context) {
        Signatures signatures = new Signatures(account.find("secret")
                .orElseGet(() -> context.secret("hmac", () -> Signatures.newSecret(context.random()))));
        Duration payAfter = account.find("pay_after").map(ToyBankType::seconds).orElse(null);
        try {
            ToyBank bank = new ToyBank(port(account.get("port")), payAfter, signatures, context);
            return new ToyBankChannel(account.name(), bank, signatures, context);
        } catch (IOException e) {
            throw new IllegalArgumentException("port " + account.get("port") + " cannot be opened: " + e, e);
        }
    }

    @Override
    public Optional<BillFormat> billFormat() {
        return Optional.of(new ToyBankBill());
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw new IllegalArgumentException("is not a port from 0 to " + PORT_MAX);
    }

    private static Duration seconds(String text) {
        if (!text.matches("[0-9]{1,4}s?")) {
            throw new IllegalArgumentException("is not a number of seconds such as 2s");
        }
        return Duration.ofSeconds(Long.parseLong(text.replace("s", "")));
    }

    private static void secret(String text) {
        if (text.strip().length() < 16) {
            throw new IllegalArgumentException("has fewer than 16 characters");
        }
    }
}
