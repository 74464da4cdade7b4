package dev.rung.api;

import static dev.rung.api.AccessRules.Access.ANYONE;
import static dev.rung.api.AccessRules.Access.KEY_READERS;
import static dev.rung.api.AccessRules.Access.LOCAL_OR_READERS;
import static dev.rung.api.AccessRules.Access.MERCHANT_MANAGERS;
import static dev.rung.api.AccessRules.Access.MERCHANT_READERS;
import static dev.rung.api.AccessRules.Access.OPERATORS;
import static dev.rung.api.AccessRules.Access.READERS;
import static dev.rung.api.AccessRules.Access.RECORD_CREATORS;
import static dev.rung.api.AccessRules.Access.RECORD_READERS;
import static dev.rung.api.AccessRules.Access.REPEATERS;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import dev.rung.core.model.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Who may call which route outside the console. A request that no rule names is refused, so a new route needs a rule here. */
final class AccessRules {

    /** Who may call. */
    enum Access {
        ANYONE,
        /** This machine without a key, or a key that reads everything. */
        LOCAL_OR_READERS,
        OPERATORS(Role.OPERATOR),
        READERS(Role.OPERATOR, Role.VIEWER),
        RECORD_CREATORS(Role.OPERATOR, Role.INTAKE),
        RECORD_READERS(Role.values()),
        REPEATERS(Role.OPERATOR, Role.MERCHANT_VIEW, Role.MERCHANT_MANAGE),
        MERCHANT_READERS(Role.OPERATOR, Role.VIEWER, Role.MERCHANT_VIEW, Role.MERCHANT_MANAGE),
        MERCHANT_MANAGERS(Role.OPERATOR, Role.MERCHANT_MANAGE),
        KEY_READERS(Role.OPERATOR, Role.VIEWER, Role.MERCHANT_MANAGE);

        @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable
        private final Set<Role> roles;

        Access(Role... roles) {
            this.roles = Set.of(roles);
        }

        Set<Role> roles() {
            return roles;
        }
    }

    /**
     * A rule.
     *
     * @param method null for every method; GET is also HEAD
     */
    record Rule(@Nullable HttpMethod method, PathPattern path, Access access) {
        private static Rule of(@Nullable HttpMethod method, String path, Access access) {
            return new Rule(method, PathPatternParser.defaultInstance.parse(path), access);
        }

        List<HttpMethod> methods() {
            return method == null ? List.of() : method.equals(GET) ? List.of(GET, HEAD) : List.of(method);
        }
    }

    /** The most frequent ones are first. */
    static final List<Rule> ALL = List.of(
            Rule.of(POST, "/v1/notifications", RECORD_CREATORS),
            Rule.of(POST, "/v1/notifications/batch", RECORD_CREATORS),
            Rule.of(POST, "/v1/payments", RECORD_CREATORS),
            Rule.of(POST, "/callbacks/{account}", ANYONE),
            Rule.of(POST, "/callbacks/{account}/", ANYONE),
            Rule.of(GET, "/health", ANYONE),
            Rule.of(GET, "/ready", ANYONE),
            Rule.of(GET, "/v1/notifications", RECORD_READERS),
            Rule.of(GET, "/v1/notifications/{id}", RECORD_READERS),
            Rule.of(GET, "/v1/notifications/{id}/payload", RECORD_READERS),
            Rule.of(POST, "/v1/notifications/{id}/resend", REPEATERS),
            Rule.of(POST, "/v1/notifications/{id}/cancel", OPERATORS),
            Rule.of(POST, "/v1/notifications/resend", REPEATERS),
            Rule.of(POST, "/v1/notifications/cancel", OPERATORS),
            Rule.of(GET, "/v1/payments", RECORD_READERS),
            Rule.of(GET, "/v1/payments/{id}", RECORD_READERS),
            Rule.of(GET, "/v1/payments/{id}/timeline", RECORD_READERS),
            Rule.of(POST, "/v1/payments/{id}/sync", REPEATERS),
            Rule.of(POST, "/v1/payments/{id}/close", OPERATORS),
            Rule.of(POST, "/v1/payments/{id}/refunds", RECORD_CREATORS),
            Rule.of(GET, "/v1/payments/{id}/refunds", RECORD_READERS),
            Rule.of(GET, "/v1/refunds/{id}", RECORD_READERS),
            Rule.of(POST, "/v1/refunds/{id}/sync", REPEATERS),
            Rule.of(POST, "/v1/refunds/{id}/approve", OPERATORS),
            Rule.of(POST, "/v1/refunds/{id}/reject", OPERATORS),
            Rule.of(GET, "/v1/events", MERCHANT_READERS),
            Rule.of(GET, "/v1/stream", MERCHANT_READERS),
            Rule.of(GET, "/v1/merchants", READERS),
            Rule.of(POST, "/v1/merchants", OPERATORS),
            Rule.of(GET, "/v1/merchants/{id}", MERCHANT_READERS),
            Rule.of(PATCH, "/v1/merchants/{id}", OPERATORS),
            Rule.of(DELETE, "/v1/merchants/{id}", OPERATORS),
            Rule.of(POST, "/v1/merchants/{id}/pause", OPERATORS),
            Rule.of(POST, "/v1/merchants/{id}/resume", OPERATORS),
            Rule.of(POST, "/v1/merchants/{id}/rotate-secret", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/test", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/portal-link", OPERATORS),
            Rule.of(GET, "/v1/merchants/{id}/keys", KEY_READERS),
            Rule.of(POST, "/v1/merchants/{id}/keys", MERCHANT_MANAGERS),
            Rule.of(DELETE, "/v1/merchants/{id}/keys/{key_id}", MERCHANT_MANAGERS),
            Rule.of(GET, "/v1/merchants/{id}/endpoints", MERCHANT_READERS),
            Rule.of(POST, "/v1/merchants/{id}/endpoints", MERCHANT_MANAGERS),
            Rule.of(GET, "/v1/merchants/{id}/endpoints/{endpoint_id}", MERCHANT_READERS),
            Rule.of(PATCH, "/v1/merchants/{id}/endpoints/{endpoint_id}", MERCHANT_MANAGERS),
            Rule.of(DELETE, "/v1/merchants/{id}/endpoints/{endpoint_id}", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/endpoints/{endpoint_id}/pause", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/endpoints/{endpoint_id}/resume", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/endpoints/{endpoint_id}/rotate-secret", MERCHANT_MANAGERS),
            Rule.of(POST, "/v1/merchants/{id}/endpoints/{endpoint_id}/test", MERCHANT_MANAGERS),
            Rule.of(GET, "/v1/ladders", READERS),
            Rule.of(PUT, "/v1/ladders/{name}", OPERATORS),
            Rule.of(GET, "/v1/channels", READERS),
            Rule.of(POST, "/v1/channels", OPERATORS),
            Rule.of(GET, "/v1/channels/{name}", READERS),
            Rule.of(PATCH, "/v1/channels/{name}", OPERATORS),
            Rule.of(DELETE, "/v1/channels/{name}", OPERATORS),
            Rule.of(POST, "/v1/channels/{name}/check", OPERATORS),
            Rule.of(GET, "/v1/callbacks", READERS),
            Rule.of(GET, "/v1/discrepancies", READERS),
            Rule.of(GET, "/v1/discrepancies/{id}", READERS),
            Rule.of(POST, "/v1/discrepancies/{id}/resolve", OPERATORS),
            Rule.of(POST, "/v1/discrepancies/{id}/approve", OPERATORS),
            Rule.of(POST, "/v1/discrepancies/{id}/reject", OPERATORS),
            Rule.of(POST, "/v1/discrepancies/resolve", OPERATORS),
            Rule.of(GET, "/v1/approvals", READERS),
            Rule.of(GET, "/v1/reconciliations", READERS),
            Rule.of(GET, "/v1/reconciliations/{id}", READERS),
            Rule.of(POST, "/v1/reconciliations", OPERATORS),
            Rule.of(GET, "/v1/rejected", READERS),
            Rule.of(GET, "/v1/rejected/{id}", READERS),
            Rule.of(POST, "/v1/rejected/{id}/replay", OPERATORS),
            Rule.of(DELETE, "/v1/rejected/{id}", OPERATORS),
            Rule.of(GET, "/v1/keys", READERS),
            Rule.of(POST, "/v1/keys", OPERATORS),
            Rule.of(DELETE, "/v1/keys/{key_id}", OPERATORS),
            Rule.of(POST, "/v1/alerts/test", OPERATORS),
            Rule.of(GET, "/v1/audit", READERS),
            Rule.of(GET, "/metrics", LOCAL_OR_READERS),
            Rule.of(GET, "/actuator", LOCAL_OR_READERS),
            Rule.of(GET, "/actuator/health", LOCAL_OR_READERS),
            Rule.of(GET, "/actuator/health/**", LOCAL_OR_READERS),
            Rule.of(GET, "/actuator/loggers", LOCAL_OR_READERS),
            Rule.of(GET, "/actuator/loggers/{name}", LOCAL_OR_READERS),
            Rule.of(POST, "/actuator/loggers/{name}", OPERATORS),
            Rule.of(GET, "/openapi.json", ANYONE),
            Rule.of(GET, "/docs", ANYONE),
            Rule.of(GET, "/docs/docs.js", ANYONE),
            Rule.of(GET, "/docs/docs.css", ANYONE),
            // The banks of channels in this process: payers, and signed calls of the channel.
            Rule.of(null, "/banks/**", ANYONE));

    private AccessRules() {}

    /** The methods that a path has, sorted, without HEAD; empty if no rule names it. */
    static Set<String> methodsOf(String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        Set<String> methods = new TreeSet<>();
        PathPattern mostSpecific = ALL.stream()
                .map(Rule::path)
                .filter(pattern -> pattern.matches(parsed))
                .min(Comparator.naturalOrder())
                .orElse(null);
        for (Rule rule : ALL) {
            if (rule.method() != null && rule.path().equals(mostSpecific)) {
                methods.add(rule.method().name());
            }
        }
        return methods;
    }
}
