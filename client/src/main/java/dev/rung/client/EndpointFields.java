package dev.rung.client;

import java.util.List;
import java.util.Map;

/**
 * The fields of a new or updated endpoint; one that is not set means the default, or no change. Built step by step: {@code
 * EndpointFields.of("CRM", "https://…").withEvents(List.of("payment.*"))}.
 */
public final class EndpointFields extends ReceiverFields<EndpointFields> {
    /** No fields, for an update. */
    public static final EndpointFields NONE = new EndpointFields(Map.of());

    private EndpointFields(Map<String, Object> set) {
        super(set);
    }

    /** The required fields of a new endpoint, which receives every event. */
    public static EndpointFields of(String name, String url) {
        return NONE.withName(name).withUrl(url);
    }

    public EndpointFields withUrl(String value) {
        return with("url", value);
    }

    /** Event types; a {@code *} at the end matches any suffix. */
    public EndpointFields withEvents(List<String> value) {
        return with("events", value);
    }

    @Override
    EndpointFields copy(Map<String, Object> fields) {
        return new EndpointFields(fields);
    }
}
