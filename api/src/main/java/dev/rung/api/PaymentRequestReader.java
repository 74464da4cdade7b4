package dev.rung.api;

import dev.rung.core.flow.MerchantCache;
import dev.rung.core.model.Durations;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.payments.flow.PaymentRequest;
import dev.rung.payments.flow.Payments;
import dev.rung.payments.model.Money;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.PaymentMethod;
import dev.rung.payments.model.SubMerchant;
import dev.rung.web.FieldReader;
import dev.rung.web.Json;
import dev.rung.web.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Validates requests for payments and fills in defaults. Thread-safe. */
final class PaymentRequestReader {
    static final Duration EXPIRES_IN_DEFAULT = Duration.ofMinutes(15);
    /** A payer waits at the counter; then the charge is cancelled. */
    private static final Duration BARCODE_EXPIRES_IN_DEFAULT = Duration.ofMinutes(1);

    /** Short enough to watch an order expire in tests. */
    private static final Duration EXPIRES_IN_MIN = Duration.ofSeconds(1);

    private static final Duration EXPIRES_IN_MAX = Duration.ofHours(24);

    /** The greatest integer that every JSON parser reads exactly: 2⁵³ - 1. */
    private static final long AMOUNT_MAX = (1L << 53) - 1;

    private final MerchantCache merchantCache;
    private final UrlCheck urls;
    private final Payments payments;
    private final ChannelCatalog channels;

    PaymentRequestReader(MerchantCache merchantCache, UrlCheck urls, Payments payments, ChannelCatalog channels) {
        this.merchantCache = merchantCache;
        this.urls = urls;
        this.payments = payments;
        this.channels = channels;
    }

    /** The valid fields of a request. */
    private record Fields(
            @Nullable Merchant merchant,
            @Nullable String outTradeNo,
            @Nullable Money amount,
            @Nullable String subject,
            ChannelCatalog.@Nullable Entry channel,
            CheckoutFields checkout,
            @Nullable String notifyUrl,
            @Nullable Duration expiresIn,
            @Nullable LadderChoice ladder,
            Json.@Nullable Obj options) {}

    /**
     * Reads a request for a payment.
     *
     * @param caller the caller's address
     * @throws dev.rung.web.ProblemException 400 or 422
     */
    PaymentRequest read(FieldReader fields, String caller) {
        Fields asked = new Fields(
                merchant(fields),
                required(fields, "out_trade_no", fields.text("out_trade_no", FieldValidators::orderNo)),
                amount(fields),
                required(fields, "subject", fields.text("subject", FieldValidators::subject)),
                channel(fields),
                CheckoutFields.read(fields),
                urls.read(fields, "notify_url"),
                expiresIn(fields),
                LadderFields.read(fields, merchantCache),
                fields.object("channel_options"));
        String options = options(fields, asked);
        Optional<Payment.Checkout> checkout = asked.channel == null
                ? Optional.empty()
                : asked.checkout.check(fields, asked.channel, payments, caller);
        String subjectFault = asked.channel == null || asked.subject == null
                ? null
                : payments.checkSubject(asked.channel.name(), asked.subject);
        if (subjectFault != null) {
            fields.wrong("subject", "not_carried", subjectFault, subjectFault);
        }
        if (asked.merchant != null && asked.channel != null && !asked.merchant.mayUse(asked.channel.name())) {
            String bound = String.join(", ", asked.merchant.channels());
            fields.wrong("channel", "not_of_merchant", "is not one that the merchant is bound to: " + bound, bound);
        }
        fields.finish();
        Merchant merchant = given(asked.merchant);
        LadderChoice ladder = asked.ladder == null ? merchant.receiver().ladder() : asked.ladder;
        return new PaymentRequest(
                new Payment.Order(
                                merchant.id(),
                                given(asked.outTradeNo),
                                given(asked.amount),
                                given(asked.subject),
                                given(asked.channel).name(),
                                asked.notifyUrl,
                                LadderFields.steps(ladder, merchantCache),
                                ladder instanceof LadderChoice.Named named ? named.name() : null,
                                options,
                                checkout.orElseThrow())
                        .withSubMerchant(subMerchant(merchant, given(asked.channel))),
                asked.expiresIn == null ? expiresIn(checkout.orElseThrow().method()) : asked.expiresIn,
                digest(fields.body(), asked),
                asked.checkout.authCode());
    }

    /** Whom a service provider's account takes a payment for: the merchant's own number at the channel, or the account's. */
    private static @Nullable SubMerchant subMerchant(Merchant merchant, ChannelCatalog.Entry channel) {
        if (channel.type().members().stream().noneMatch(member -> member.name().equals("sub_mchid"))) {
            return null;
        }
        Merchant.AtChannels own = merchant.atChannels();
        return own.subMchid() != null
                ? new SubMerchant(own.subMchid(), own.subAppid())
                : channel.account()
                        .find("sub_mchid")
                        .map(id -> new SubMerchant(
                                id, channel.account().find("sub_appid").orElse(null)))
                        .orElse(null);
    }

    private static <T> T given(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("a missing field was not reported");
        }
        return value;
    }

    private static <T> @Nullable T required(FieldReader fields, String name, @Nullable T value) {
        fields.require(name);
        return value;
    }

    private static Duration expiresIn(PaymentMethod method) {
        return method == PaymentMethod.BARCODE ? BARCODE_EXPIRES_IN_DEFAULT : EXPIRES_IN_DEFAULT;
    }

    private @Nullable Merchant merchant(FieldReader fields) {
        MerchantId id = required(fields, "merchant_id", fields.text("merchant_id", MerchantId::parse));
        if (id == null) {
            return null;
        }
        Merchant merchant = merchantCache.find(id).orElse(null);
        if (merchant == null) {
            fields.wrong("merchant_id", "unknown_merchant", "does not exist");
        }
        return merchant;
    }

    static @Nullable Money amount(FieldReader fields) {
        FieldReader amount = fields.within("amount");
        if (amount == null) {
            fields.require("amount");
            return null;
        }
        Long value = required(amount, "value", amount.whole("value", 1, AMOUNT_MAX));
        Currency currency = required(amount, "currency", amount.text("currency", FieldValidators::currency));
        amount.refuseOthers();
        return value == null || currency == null ? null : new Money(value, currency);
    }

    private ChannelCatalog.@Nullable Entry channel(FieldReader fields) {
        String name = required(fields, "channel", fields.text("channel"));
        Optional<ChannelCatalog.Entry> channel = name == null ? Optional.empty() : channels.find(name);
        if (name == null || channel.isPresent()) {
            return channel.orElse(null);
        }
        List<String> known = channels.accounts().stream()
                .map(ChannelCatalog.Entry::name)
                .sorted()
                .toList();
        String names = String.join(", ", known);
        fields.wrong(
                "channel",
                "unknown_channel",
                known.isEmpty() ? "is unknown: this server has no channels" : "is not one of " + names,
                names);
        return null;
    }

    private static @Nullable Duration expiresIn(FieldReader fields) {
        Duration expiresIn = fields.duration("expires_in");
        if (expiresIn != null && (expiresIn.compareTo(EXPIRES_IN_MIN) < 0 || expiresIn.compareTo(EXPIRES_IN_MAX) > 0)) {
            String min = Durations.text(EXPIRES_IN_MIN);
            String max = Durations.text(EXPIRES_IN_MAX);
            fields.wrong("expires_in", "out_of_range", "is not between " + min + " and " + max, min, max);
        }
        return expiresIn;
    }

    /** The channel options, if the channel accepts them. */
    private @Nullable String options(FieldReader fields, Fields asked) {
        Json.Obj given = asked.options;
        String text = given == null
                ? null
                : new String(fields.body(), given.start(), given.end() - given.start(), StandardCharsets.UTF_8);
        String fault = asked.channel == null ? null : payments.checkOptions(asked.channel.name(), text);
        if (fault != null) {
            // The message follows the field's name and may begin with a member: ".callback is not one of …".
            int end = fault.startsWith(".") && fault.contains(" ") ? fault.indexOf(' ') : 0;
            String message = fault.substring(end).strip();
            fields.wrong("channel_options" + fault.substring(0, end), "invalid_option", message, message);
        }
        return text;
    }

    /** A digest of the requested values, independent of JSON formatting and of defaults. */
    private static byte[] digest(byte[] body, Fields asked) {
        byte[] canonical = JsonWriter.write(g -> {
            g.writeStartArray();
            g.writeNumber(given(asked.amount).value());
            g.writeString(given(asked.amount).currency().getCurrencyCode());
            g.writeString(given(asked.subject));
            g.writeString(given(asked.channel).name());
            asked.checkout.write(g);
            g.writeString(asked.notifyUrl);
            g.writeNumber((asked.expiresIn == null ? EXPIRES_IN_DEFAULT : asked.expiresIn).toMillis());
            switch (asked.ladder) {
                case null -> g.writeNull();
                case LadderChoice.Named(String name) -> g.writeString(name);
                case LadderChoice.Inline(var steps) -> g.writeString("=" + steps.compact());
            }
            canonical(g, body, asked.options == null ? new Json.Null() : asked.options);
            g.writeEndArray();
        });
        try {
            return MessageDigest.getInstance("SHA-256").digest(canonical);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Canonical form of a value, independent of the order of members. */
    private static void canonical(JsonGenerator g, byte[] body, Json value) {
        switch (value) {
            case Json.Obj object -> {
                g.writeStartObject();
                for (Map.Entry<String, Json> member : new TreeMap<>(object.members()).entrySet()) {
                    g.writeName(member.getKey());
                    canonical(g, body, member.getValue());
                }
                g.writeEndObject();
            }
            case Json.Arr array -> {
                g.writeStartArray();
                array.items().forEach(item -> canonical(g, body, item));
                g.writeEndArray();
            }
            case Json.Text text -> g.writeString(text.value());
            case Json.Num number -> g.writeRawValue(number.literal());
            case Json.Bool bool -> g.writeBoolean(bool.value());
            case Json.Null() -> g.writeNull();
            case Json.Raw raw ->
                g.writeRawValue(new String(Arrays.copyOfRange(body, raw.start(), raw.end()), StandardCharsets.UTF_8));
        }
    }
}
