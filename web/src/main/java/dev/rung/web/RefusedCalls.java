package dev.rung.web;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts failed sign-ins and refused calls for the audit log: those without a valid key, and those without permission. Thread-safe. */
public final class RefusedCalls {
    public static final String CALL = "call.refused";
    public static final String SIGN_IN = "sign_in.failed";
    public static final String ANONYMOUS = "anonymous";
    /** The address of the groups that are too many to be kept apart. */
    public static final String OTHERS = "other addresses";

    private static final int GROUPS_MAX = 10_000;

    private Map<Group, Integer> counts = new LinkedHashMap<>();

    /**
     * Refused calls that are counted together.
     *
     * @param action {@link #CALL} or {@link #SIGN_IN}
     * @param actor {@link #ANONYMOUS}, or the name of the caller without permission
     * @param actorId null if the caller is unknown
     * @param address IPv6 addresses by their /64 network
     */
    public record Group(
            String action, String actor, @Nullable String actorId, String address) {
        /** The group of all other addresses. */
        public Group others() {
            return new Group(action, ANONYMOUS, null, OTHERS);
        }
    }

    /**
     * Counts a refusal.
     *
     * @param caller null if its key is missing or invalid
     */
    public void count(String action, @Nullable Caller caller, String address) {
        String network = ClientNetwork.of(address);
        count(
                caller == null
                        ? new Group(action, ANONYMOUS, null, network)
                        : new Group(action, caller.name(), caller.id(), network));
    }

    private synchronized void count(Group group) {
        counts.merge(counts.size() < GROUPS_MAX ? group : group.others(), 1, Integer::sum);
    }

    /** The refusals since the last call of this method. */
    public synchronized Map<Group, Integer> take() {
        Map<Group, Integer> taken = counts;
        counts = new LinkedHashMap<>();
        return taken;
    }
}
