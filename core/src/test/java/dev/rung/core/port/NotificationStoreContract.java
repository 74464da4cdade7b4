package dev.rung.core.port;

/**
 * Every sentence of {@link NotificationStore}'s Javadoc as tests. An implementation's test class implements this interface: it says
 * what {@link #store()} and {@link #catalog()} are, empty at each test's beginning.
 */
public interface NotificationStoreContract
        extends AcceptContract,
                FanOutContract,
                SettleContract,
                ThrottledSettleContract,
                ParkContract,
                ScheduleContract,
                PurgeContract {}
