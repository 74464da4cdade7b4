package dev.rung.channel.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.payments.bank.BankBehavior;
import dev.rung.payments.bank.BankBehavior.CallbackKind;
import dev.rung.payments.bank.BankBehavior.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorOptionsTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    @Test
    void leftOutAPersonDecidesAndTheBankBehaves() {
        BankBehavior behaved = new BankBehavior(null, CallbackKind.PROMPT, TEN_SECONDS, true);
        assertThat(SimulatorOptions.parse(null).behavior()).isEqualTo(behaved);
        assertThat(SimulatorOptions.parse("{}").behavior()).isEqualTo(behaved);
        assertThat(SimulatorOptions.parse("{\"outcome\":null}").behavior()).isEqualTo(behaved);
    }

    @Test
    void aPersonMayDecideThoughTheBankMisbehaves() {
        assertThat(SimulatorOptions.parse("{\"callback\":\"late\",\"callback_delay\":\"2m\"}")
                        .behavior())
                .isEqualTo(new BankBehavior(null, CallbackKind.LATE, Duration.ofMinutes(2), true));
    }

    @Test
    void anOutcomeComesAfterASecondUnlessItSaysWhen() {
        assertThat(SimulatorOptions.parse("{\"outcome\":\"fails\"}"))
                .isEqualTo(new SimulatorOptions(
                        new BankBehavior(Outcome.FAILS, CallbackKind.PROMPT, TEN_SECONDS, true),
                        Duration.ofSeconds(1),
                        SimulatorOptions.RefundOutcome.SUCCEEDS,
                        Duration.ofSeconds(1)));
        assertThat(SimulatorOptions.parse("{\"pay_after\":\"0s\",\"query\":\"unavailable\"}"))
                .isEqualTo(new SimulatorOptions(
                        new BankBehavior(Outcome.SUCCEEDS, CallbackKind.PROMPT, TEN_SECONDS, false),
                        Duration.ZERO,
                        SimulatorOptions.RefundOutcome.SUCCEEDS,
                        Duration.ofSeconds(1)));
        assertThat(SimulatorOptions.parse("{\"refund\":\"fails\",\"refund_after\":\"2s\"}"))
                .satisfies(options -> {
                    assertThat(options.refundBehavior().outcome()).isEqualTo(Outcome.FAILS);
                    assertThat(options.refundAfter()).isEqualTo(Duration.ofSeconds(2));
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"outcome":"maybe"}                       | .outcome is not one of succeeds, fails, never
                    {"callback":"wrong_amount"}               | .callback is not one of prompt, lost, late, duplicate, forged, wrong-amount
                    {"query":"sometimes"}                     | .query is not one of honest, unavailable
                    {"pay_after":"soon"}                      | .pay_after is not a duration such as "30s", "10m" or "1h30m"
                    {"callback_delay":"25h"}                  | .callback_delay is longer than 24h
                    {"pay_after":1}                           | .pay_after is not a string
                    {"colour":"blue"}                         | .colour is not an option of this channel
                    {"outcome":{"a":1}}                       | .outcome is not a string
                    "succeeds"                                | is not an object
                    """, ignoreLeadingAndTrailingWhitespace = true, quoteCharacter = '\'')
    void whatMeansNothingIsRefusedByName(String json, String message) {
        assertThatThrownBy(() -> SimulatorOptions.parse(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
