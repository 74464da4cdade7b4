package dev.rung.store.common;

import dev.rung.core.model.Acknowledgement;
import dev.rung.core.model.CodedEnum;
import dev.rung.core.model.Endpoint;
import dev.rung.core.model.EndpointId;
import dev.rung.core.model.Ladder;
import dev.rung.core.model.LadderChoice;
import dev.rung.core.model.Merchant;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.Receiver;
import dev.rung.core.model.Signing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Merchants and their endpoints: row mapping and the statements that write them. */
public final class MerchantRows {
    private MerchantRows() {}

    private static final String RECEIVER = """
            ladder_name, ladder, acknowledge, signing, key_current, key_public, key_earlier, max_in_flight, paused,
            timeout_millis, rate, header_names, header_values, signature_header, tls_ca, tls_cert, tls_key, trace_context""";

    private static final String MERCHANT_VALUES = "name, notify_url, " + RECEIVER
            + ", endpoint_count, channels, sub_mchid, sub_appid, app_auth_token, deleted_at, created_at";
    private static final String ENDPOINT_VALUES = "name, events, url, " + RECEIVER + ", created_at";

    public static final String MERCHANT = "id, version, " + MERCHANT_VALUES;
    public static final String ENDPOINT = "id, merchant_id, " + ENDPOINT_VALUES;

    /** Parameters: id, version, {@link #values(Merchant)}. */
    public static final String INSERT = insert("merchant", MERCHANT);

    /** Parameters: {@link #values(Merchant)}, version, id. */
    public static final String UPDATE =
            "UPDATE merchant SET " + assignments(MERCHANT_VALUES) + ", version = ? WHERE id = ?";

    /** Parameters: id, merchant id, {@link #values(Endpoint)}. */
    public static final String INSERT_ENDPOINT = insert("endpoint", ENDPOINT);

    /** Parameters: {@link #values(Endpoint)}, id. */
    public static final String UPDATE_ENDPOINT =
            "UPDATE endpoint SET " + assignments(ENDPOINT_VALUES) + " WHERE id = ?";

    public static final String DELETE_ENDPOINT = "DELETE FROM endpoint WHERE id = ?";

    /** The longest timeout of any receiver. */
    public static final String LONGEST_TIMEOUT = """
            SELECT coalesce(max(longest), 0) FROM (
              SELECT max(timeout_millis) AS longest FROM merchant UNION ALL SELECT max(timeout_millis) FROM endpoint) receivers
            """;

    private static String insert(String table, String columns) {
        String values = Arrays.stream(columns.split(",", -1)).map(column -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO " + table + " (" + columns + ") VALUES (" + values + ")";
    }

    private static String assignments(String columns) {
        return Arrays.stream(columns.split(",", -1))
                .map(column -> column.strip() + " = ?")
                .collect(Collectors.joining(", "));
    }

    /** The columns of {@link #MERCHANT} except the first two. */
    public static @Nullable Object[] values(Merchant m) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(m.name());
        values.add(m.receiver().url());
        addReceiver(values, m.receiver());
        values.add(m.endpoints().size());
        values.add(m.channels().isEmpty() ? null : String.join("\n", m.channels()));
        values.add(m.atChannels().subMchid());
        values.add(m.atChannels().subAppid());
        values.add(m.atChannels().appAuthToken());
        values.add(m.deletedAt());
        values.add(m.createdAt());
        return values.toArray();
    }

    /** The columns of {@link #ENDPOINT} except the first two. */
    public static @Nullable Object[] values(Endpoint e) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(e.name());
        values.add(String.join("\n", e.events()));
        values.add(e.receiver().url());
        addReceiver(values, e.receiver());
        values.add(e.createdAt());
        return values.toArray();
    }

    private static void addReceiver(List<@Nullable Object> values, Receiver receiver) {
        Receiver.Keys keys = receiver.keys();
        Receiver.Headers headers = receiver.headers();
        Receiver.Tls tls = receiver.tls();
        values.add(receiver.ladder().nameOrNull());
        values.add(receiver.ladder() instanceof LadderChoice.Inline(Ladder ladder) ? ladder.compact() : null);
        values.add(receiver.acknowledge().code());
        values.add(keys.signing().text());
        values.add(keys.current());
        values.add(keys.publicKey());
        values.add(earlierText(keys.earlier()));
        values.add(receiver.maxInFlight());
        values.add(receiver.paused());
        values.add(receiver.timeout().toMillis());
        values.add(receiver.rate());
        values.add(headers == null ? null : String.join("\n", headers.names()));
        values.add(headers == null ? null : headers.sealed());
        values.add(receiver.signatureHeader());
        values.add(tls == null ? null : tls.ca());
        values.add(tls == null ? null : tls.clientCert());
        values.add(tls == null ? null : tls.sealedKey());
        values.add(receiver.traceContext());
    }

    /**
     * A merchant without its endpoints, which are read separately, if there are any.
     *
     * @param endpoints how many it has
     */
    public record Found(Merchant merchant, int endpoints) {}

    public static Found merchant(ResultSet row) throws SQLException {
        return new Found(
                new Merchant(
                        new MerchantId(row.getLong("id")),
                        row.getString("name"),
                        receiver(row, "notify_url"),
                        List.of(),
                        channels(row),
                        new Merchant.AtChannels(
                                row.getString("sub_mchid"), row.getString("sub_appid"), row.getBytes("app_auth_token")),
                        NullableColumns.number(row, "deleted_at"),
                        row.getLong("created_at"),
                        row.getLong("version")),
                row.getInt("endpoint_count"));
    }

    private static List<String> channels(ResultSet row) throws SQLException {
        String names = row.getString("channels");
        return names == null ? List.of() : List.of(names.split("\n", -1));
    }

    /** An endpoint with its merchant. */
    public record OfMerchant(MerchantId merchant, Endpoint endpoint) {}

    public static OfMerchant endpoint(ResultSet row) throws SQLException {
        return new OfMerchant(
                new MerchantId(row.getLong("merchant_id")),
                new Endpoint(
                        new EndpointId(row.getLong("id")),
                        row.getString("name"),
                        List.of(row.getString("events").split("\n", -1)),
                        receiver(row, "url"),
                        row.getLong("created_at")));
    }

    /** Reads endpoints in the order of their ids. */
    public interface EndpointReader {
        List<OfMerchant> read(List<MerchantId> merchants) throws SQLException;
    }

    /** The merchants with their endpoints. Nothing is read if none has any. */
    public static List<Merchant> withEndpoints(List<Found> found, EndpointReader reader) throws SQLException {
        List<MerchantId> having = found.stream()
                .filter(each -> each.endpoints() > 0)
                .map(each -> each.merchant().id())
                .toList();
        Map<MerchantId, List<Endpoint>> endpoints = new HashMap<>();
        if (!having.isEmpty()) {
            for (OfMerchant each : reader.read(having)) {
                endpoints
                        .computeIfAbsent(each.merchant(), id -> new ArrayList<>())
                        .add(each.endpoint());
            }
        }
        return found.stream()
                .map(Found::merchant)
                .map(m -> endpoints.containsKey(m.id()) ? m.withEndpoints(endpoints.get(m.id())) : m)
                .toList();
    }

    /** Writes endpoints. */
    public interface EndpointWriter {
        void write(String sql, @Nullable Object... values) throws SQLException;
    }

    /** Writes the difference between two versions of a merchant's endpoints. */
    public static void writeEndpoints(
            MerchantId merchant, List<Endpoint> before, List<Endpoint> after, EndpointWriter writer)
            throws SQLException {
        Map<EndpointId, Endpoint> known = new HashMap<>();
        before.forEach(each -> known.put(each.id(), each));
        for (Endpoint each : after) {
            Endpoint old = known.remove(each.id());
            if (old == null) {
                writer.write(INSERT_ENDPOINT, values(List.of(each.id().value(), merchant.value()), values(each)));
            } else if (!old.equals(each)) {
                writer.write(
                        UPDATE_ENDPOINT,
                        values(Arrays.asList(values(each)), each.id().value()));
            }
        }
        for (EndpointId gone : known.keySet()) {
            writer.write(DELETE_ENDPOINT, gone.value());
        }
    }

    private static @Nullable Object[] values(List<? extends @Nullable Object> first, @Nullable Object... rest) {
        List<@Nullable Object> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(rest));
        return all.toArray();
    }

    private static Receiver receiver(ResultSet row, String urlColumn) throws SQLException {
        String steps = row.getString("ladder");
        return new Receiver(
                row.getString(urlColumn),
                steps == null
                        ? new LadderChoice.Named(row.getString("ladder_name"))
                        : new LadderChoice.Inline(Ladder.parseCompact(steps)),
                CodedEnum.ofCode(Acknowledgement.class, row.getInt("acknowledge")),
                new Receiver.Keys(
                        new Signing(row.getString("signing")),
                        row.getBytes("key_current"),
                        row.getString("key_public"),
                        earlier(row.getString("key_earlier"))),
                row.getInt("max_in_flight"),
                row.getBoolean("paused"),
                Duration.ofMillis(row.getInt("timeout_millis")),
                row.getObject("rate") == null ? null : row.getDouble("rate"),
                headers(row),
                row.getString("signature_header"),
                tls(row),
                row.getBoolean("trace_context"));
    }

    private static Receiver.@Nullable Tls tls(ResultSet row) throws SQLException {
        String ca = row.getString("tls_ca");
        String cert = row.getString("tls_cert");
        return ca == null && cert == null ? null : new Receiver.Tls(ca, cert, row.getBytes("tls_key"));
    }

    private static Receiver.@Nullable Headers headers(ResultSet row) throws SQLException {
        String names = row.getString("header_names");
        return names == null
                ? null
                : new Receiver.Headers(List.of(names.split("\n", -1)), row.getBytes("header_values"));
    }

    private static @Nullable String earlierText(List<Receiver.EarlierKey> keys) {
        return keys.isEmpty()
                ? null
                : keys.stream()
                        .map(key -> key.until() + ":" + Base64.getEncoder().encodeToString(key.sealed()))
                        .collect(Collectors.joining(","));
    }

    private static List<Receiver.EarlierKey> earlier(@Nullable String text) {
        List<Receiver.EarlierKey> keys = new ArrayList<>();
        if (text != null) {
            for (String key : text.split(",", -1)) {
                int colon = key.indexOf(':');
                keys.add(new Receiver.EarlierKey(
                        Base64.getDecoder().decode(key.substring(colon + 1)), Long.parseLong(key.substring(0, colon))));
            }
        }
        return List.copyOf(keys);
    }
}
