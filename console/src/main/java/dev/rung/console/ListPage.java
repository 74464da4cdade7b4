package dev.rung.console;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.servlet.ModelAndView;

/**
 * A searchable, paginated list that is refreshed while it is open. Pagination is by key, so that every page costs the same.
 *
 * @param path of the page
 * @param fields query parameters of the search
 */
record ListPage(String path, List<String> fields) {
    private static final int LIMIT = 50;
    /** A search with few matches goes on for this time; then the page offers to continue. */
    private static final long SEARCH_MILLIS_MAX = 120;

    /** A row of the list. */
    public interface Row {
        String id();

        /** Whether it can still change. */
        boolean isLive();
    }

    /**
     * Rows with what is needed to poll for changes.
     *
     * @param ids of all rows, comma-separated; empty if none can change any more
     * @param seen a hash of their content
     */
    public record Rows(List<? extends Row> all, String ids, String seen) {
        static Rows of(List<? extends Row> rows) {
            boolean live = rows.stream().anyMatch(Row::isLive);
            String ids = live ? String.join(",", rows.stream().map(Row::id).toList()) : "";
            return new Rows(rows, ids, Integer.toHexString(Objects.hash(rows.toArray())));
        }
    }

    /**
     * A page of results.
     *
     * @param next where the next page begins; null if there is none
     */
    record Found<T, I>(List<T> items, @Nullable I next) {
        static <T, I> Found<T, I> nothing() {
            return new Found<>(List.of(), null);
        }
    }

    /** Searches a bounded number of entries; may return fewer matches than requested although more exist. */
    interface Search<T, I> {
        Found<T, I> page(@Nullable I before, int most);
    }

    /** Searches until the page is full or the time limit is reached. */
    static <T, I> Found<T, I> fill(InstantSource clock, @Nullable I before, Search<T, I> search) {
        long until = clock.millis() + SEARCH_MILLIS_MAX;
        List<T> items = new ArrayList<>();
        I next = before;
        do {
            Found<T, I> page = search.page(next, LIMIT - items.size());
            items.addAll(page.items());
            next = page.next();
        } while (next != null && items.size() < LIMIT && clock.millis() < until);
        return new Found<>(items, next);
    }

    /** Adds the search's values to the model, for its form. */
    void putFields(Map<String, Object> model, Form query) {
        fields.forEach(name -> model.put(name, query.shown(name)));
    }

    /** Adds the results to the model. */
    void put(Map<String, Object> model, Form query, Found<?, ?> found, Rows rows) {
        Object next = found.next();
        model.put("rows", rows);
        model.put("next", next == null ? "" : next.toString());
        model.put("short", next != null && found.items().size() < LIMIT);
        model.put("first", query.text("before").isEmpty());
        model.put("address", address(query));
    }

    /** The address of the search without a cursor; a parameter can be appended. */
    private String address(Form query) {
        StringBuilder address = new StringBuilder(path).append('?');
        for (String name : fields) {
            query.text(name)
                    .ifPresent(value -> address.append(name)
                            .append('=')
                            .append(PageFormat.url(value))
                            .append('&'));
        }
        return address.toString();
    }

    /** The entries with the ids of a refresh request, at most a page of them. */
    static <I, T> List<T> named(Form query, Function<String, I> parse, Function<I, Optional<T>> find) {
        return Arrays.stream(query.shown("ids").split(",", LIMIT + 1))
                .limit(LIMIT)
                .flatMap(text -> Form.parsed(text, parse).stream())
                .flatMap(id -> find.apply(id).stream())
                .toList();
    }

    /** The rows, if they have changed since the page was rendered. */
    static ModelAndView refreshed(Form query, String template, Rows rows) {
        return rows.seen().equals(query.shown("seen"))
                ? Views.unchanged(rows.ids().isEmpty())
                : Views.page(template, Map.of("rows", rows));
    }
}
