package dev.rung.server.scene;

import dev.rung.server.wiring.Server;
import dev.rung.settings.RawSettings;
import dev.rung.settings.Setting;
import dev.rung.settings.Settings;
import dev.rung.settings.SettingsReader;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** A real server with embedded storage, in this process, on a port of its own; its operator; and a merchant's end. */
public final class ServerScene implements AutoCloseable {
    public static final String OPERATOR_KEY = "operator-key-of-the-tests";
    public static final String VIEWER_KEY = "viewer-key-of-the-tests";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path dataDir;
    public final OpenApi contract;
    public final Server server;
    public final Caller operator;
    public final Caller viewer;
    public final Caller nobody;
    public final Shop shop = new Shop();

    public ServerScene(Path dataDir) {
        this(dataDir, Map.of());
    }

    public ServerScene(Path dataDir, Map<Setting, String> more) {
        this.dataDir = dataDir;
        this.server = Server.start(settings(dataDir, more));
        this.contract = OpenApi.of(http, server.address());
        this.operator = caller(OPERATOR_KEY);
        this.viewer = caller(VIEWER_KEY);
        this.nobody = caller("");
    }

    public static Settings settings(Path dataDir, Map<Setting, String> more) {
        Map<Setting, String> flags = new EnumMap<>(Setting.class);
        flags.put(Setting.PORT, "0");
        flags.put(Setting.DATA_DIR, dataDir.toString());
        flags.put(Setting.API_KEY, OPERATOR_KEY);
        flags.put(Setting.VIEWER_KEY, VIEWER_KEY);
        flags.put(Setting.ALLOW_TARGETS, "127.0.0.0/8");
        flags.putAll(more);
        return SettingsReader.read(RawSettings.gather(flags, Map.of(), dataDir, null));
    }

    public Caller caller(String key) {
        return new Caller(http, server.address(), key, contract);
    }

    /** Makes a merchant that is notified at the shop; answers its id. */
    public String merchant() {
        return merchant("");
    }

    /**
     * Makes a merchant that is notified at the shop.
     *
     * @param more further members, each with a comma before it
     */
    public String merchant(String more) {
        return operator.post(
                        "/v1/merchants", "{\"name\":\"Tea House\",\"notify_url\":\"" + shop.url() + "\"" + more + "}")
                .expect(201)
                .at("/id");
    }

    /** Sends a notification; answers its id. */
    public String send(String merchant, String payload) {
        return operator.post("/v1/notifications", "{\"merchant_id\":\"" + merchant + "\",\"payload\":" + payload + "}")
                .expect(202)
                .at("/id");
    }

    public Path dataDir() {
        return dataDir;
    }

    @Override
    public void close() {
        server.close();
        shop.close();
        http.close();
    }
}
