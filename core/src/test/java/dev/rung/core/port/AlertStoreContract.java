package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.AlertKind;
import dev.rung.core.model.NotificationId;
import dev.rung.core.port.AlertStore.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every sentence of {@link AlertStore}'s Javadoc as tests. */
public interface AlertStoreContract extends StoreFixture {
    /** Of the same database as {@link #store}. */
    AlertStore alerts();

    @Test
    default void whatIsAddedToAGroupIsCountedFromTheFirst() {
        alerts().add(AlertKind.SUBMISSIONS_REFUSED, "", 2, "not JSON", Sample.T0);
        alerts().add(AlertKind.CHANNEL_FAILING, "alipay", 1, "no answer", Sample.T0 + 1);
        alerts().add(AlertKind.SUBMISSIONS_REFUSED, "", 3, "no such merchant", Sample.T0 + 2);
        alerts().add(AlertKind.SUBMISSIONS_REFUSED, "", 1, null, Sample.T0 + 3);

        assertThat(alerts().pending(10))
                .containsExactly(
                        new Group(AlertKind.SUBMISSIONS_REFUSED, "", 6, Sample.T0, "no such merchant"),
                        new Group(AlertKind.CHANNEL_FAILING, "alipay", 1, Sample.T0 + 1, "no answer"));
        assertThat(alerts().pending(1)).hasSize(1);
    }

    @Test
    default void whatWasAddedAfterTheReadingRemains() {
        alerts().add(AlertKind.SUBMISSIONS_REFUSED, "", 2, "a", Sample.T0);
        Group read = alerts().pending(10).getFirst();
        alerts().add(AlertKind.SUBMISSIONS_REFUSED, "", 5, "b", Sample.T0 + 1);

        alerts().reported(read, Sample.T0 + 10);
        assertThat(alerts().pending(10))
                .containsExactly(new Group(AlertKind.SUBMISSIONS_REFUSED, "", 5, Sample.T0 + 10, "b"));

        // Another server has read the same group.
        alerts().reported(read, Sample.T0 + 11);
        assertThat(alerts().pending(10)).hasSize(1);

        alerts().reported(alerts().pending(10).getFirst(), Sample.T0 + 10);
        assertThat(alerts().pending(10)).isEmpty();
        alerts().reported(read, Sample.T0 + 12);
    }

    @Test
    default void exhaustedNotificationsAreCountedForEachMerchantOnce() {
        NotificationId one = accept(sample());
        NotificationId other = accept(sample());
        NotificationId third = accept(Sample.of(merchant(2)));
        NotificationId query = accept(sample().channel("alipay"));
        delivered(sample());
        store().settle(List.of(
                lastFailure(wake(one), 1),
                lastFailure(wake(other), 1),
                lastFailure(wake(third), 1),
                lastFailure(wake(query), 1)));
        long since = Sample.T0 + 20;

        assertThat(alerts().pending(10))
                .containsExactlyInAnyOrder(
                        new Group(AlertKind.NOTIFICATIONS_EXHAUSTED, subject(1), 2, since, null),
                        new Group(AlertKind.NOTIFICATIONS_EXHAUSTED, subject(2), 1, since, null));
        exhausted(sample());
        assertThat(alerts().pending(10)).extracting(Group::count).containsExactlyInAnyOrder(3L, 1L);
    }

    private String subject(int merchant) {
        return Long.toString(merchant(merchant).value());
    }
}
