package dev.rung.client;

/**
 * An amount of money: {@code new Amount(1230, "CNY")} is ¥12.30.
 *
 * @param value in minor units
 * @param currency ISO 4217
 */
public record Amount(long value, String currency) {
    JsonWriter json() {
        return JsonWriter.object().put("value", value).put("currency", currency);
    }

    static Amount read(JsonObject json) {
        return new Amount(json.number("value"), json.text("currency"));
    }
}
