package dev.rung.core.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.ReceiverId;
import org.junit.jupiter.api.Test;

public interface ClusterStoreContract {
    ClusterStore cluster();

    @Test
    default void serversAreCountedWhileTheyAreSeen() {
        long now = Sample.T0;
        assertThat(cluster().heartbeat(1, now, now - 5_000)).isEqualTo(1);
        assertThat(cluster().heartbeat(2, now + 1_000, now - 4_000)).isEqualTo(2);
        assertThat(cluster().heartbeat(1, now + 4_000, now - 1_000)).isEqualTo(2);
        assertThat(cluster().heartbeat(1, now + 6_001, now + 1_001)).isEqualTo(1);
        assertThat(cluster().heartbeat(3, now + 6_002, now + 1_002)).isEqualTo(2);
        cluster().leave(3);
        assertThat(cluster().heartbeat(1, now + 6_003, now + 1_003)).isEqualTo(1);
        cluster().leave(1);
        cluster().leave(1);
    }

    @Test
    default void theLatestEndOfAWaitIsKnownUntilItIsOver() {
        ReceiverId one = ReceiverId.own(new MerchantId(71_001));
        ReceiverId other = new ReceiverId(one.merchant(), new EndpointId(71_002));
        cluster().throttle(one, Sample.T0 + 5_000);
        cluster().throttle(one, Sample.T0 + 4_000);
        cluster().throttle(other, Sample.T0 + 6_000);
        assertThat(cluster().throttled(Sample.T0))
                .containsEntry(one, Sample.T0 + 5_000)
                .containsEntry(other, Sample.T0 + 6_000);
        assertThat(cluster().throttled(Sample.T0 + 5_000)).containsOnlyKeys(other);
        cluster().throttle(one, Sample.T0 + 9_000);
        assertThat(cluster().throttled(Sample.T0 + 6_000)).containsOnlyKeys(one);
    }
}
