package dev.rung.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.crypto.dialect.SigningDialect;
import dev.rung.payments.channel.ChannelType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are compiled for each test. */
class PluginsTest {
    private static final String SERVICE = "META-INF/services/" + ChannelType.class.getName();

    @TempDir
    Path folder;

    private Path plugins;

    @BeforeEach
    void makeFolder() throws IOException {
        plugins = Files.createDirectory(folder.resolve("plugins"));
    }

    private static String type(String name, String body) {
        return """
                package demo;
                import dev.rung.payments.channel.*;
                import dev.rung.payments.model.PaymentMethod;
                import dev.rung.payments.port.PaymentChannel;
                import java.util.List;
                public final class Type implements ChannelType {
                    public String name() { return "%s"; }
                    public String description() { return "a demonstration"; }
                    public List<AccountMember> members() {
                        %s
                        return List.of(AccountMember.text("shop_id", "ID", "the shop").asRequired());
                    }
                    public List<PaymentMethod> methods() { return List.of(PaymentMethod.PAGE); }
                    public PaymentChannel open(ChannelAccount account, ChannelContext context) { return null; }
                }
                """.formatted(name, body);
    }

    private void plugin(String jar, String source) throws IOException {
        plugin(jar, source, SERVICE);
    }

    private void plugin(String jar, String source, String service) throws IOException {
        Path sources = Files.createTempDirectory(folder, "source");
        Path file = Files.createDirectories(sources.resolve("demo")).resolve("Type.java");
        Files.writeString(file, source);
        Path classes = Files.createTempDirectory(folder, "classes");
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        OutputStream.nullOutputStream(),
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        file.toString());
        assertThat(code).isZero();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(plugins.resolve(jar)));
                Stream<Path> files = Files.walk(classes)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                out.write(Files.readAllBytes(each));
            }
            out.putNextEntry(new JarEntry(service));
            out.write("demo.Type\n".getBytes());
        }
    }

    private Settings.Payments read() {
        return SettingsReader.read(
                        RawSettings.gather(Map.of(Setting.PLUGINS, plugins.toString()), Map.of(), folder, null))
                .payments();
    }

    private List<String> problems() {
        return catchThrowableOfType(InvalidSettings.class, this::read).problems();
    }

    @Test
    void eachJarHasClassesOfItsOwn() throws IOException {
        plugin("a.jar", type("first", ""));
        plugin("b.jar", type("second", ""));
        Files.writeString(plugins.resolve("README.md"), "not a plugin");
        Files.writeString(folder.resolve("rung.yaml"), """
                channels:
                  one: {type: first, shop_id: s1}
                  two: {type: second, shop_id: s2}
                """);

        List<ChannelType> types = new ArrayList<>();
        read().channels().stream()
                .filter(channel -> channel.account().find("shop_id").isPresent())
                .forEach(channel -> types.add(channel.type()));

        assertThat(types).extracting(ChannelType::name).containsExactly("first", "second");
        assertThat(types.getFirst().getClass().getName())
                .isEqualTo(types.getLast().getClass().getName());
        assertThat(types.getFirst().getClass()).isNotEqualTo(types.getLast().getClass());
    }

    @Test
    void aJarMayBringADialectWhoseNameIsNew() throws IOException {
        String source = """
                package demo;
                import dev.rung.crypto.dialect.SigningDialect;
                import java.util.Map;
                import java.util.Optional;
                public final class Type implements SigningDialect {
                    public String name() { return "%s"; }
                    public Optional<String> check(byte[] payload) { return Optional.empty(); }
                    public Signed sign(Message m) { return new Signed("text/plain", m.payload(), Map.of()); }
                }
                """;
        String service = "META-INF/services/dev.rung.crypto.dialect.SigningDialect";
        plugin("dialect.jar", source.formatted("my-dialect"), service);
        assertThat(SettingsReader.read(
                                RawSettings.gather(Map.of(Setting.PLUGINS, plugins.toString()), Map.of(), folder, null))
                        .egress()
                        .dialects())
                .extracting(SigningDialect::name)
                .containsExactly("my-dialect");

        plugin("dialect.jar", source.formatted("hmac"), service);
        assertThat(problems())
                .containsExactly(
                        "--plugins \"" + plugins + "\" contains dialect.jar, whose dialect \"hmac\" already exists");
        plugin("dialect.jar", source.formatted("My Dialect"), service);
        assertThat(problems()).singleElement().asString().contains("cannot be the name of a dialect");
    }

    @Test
    void aPluginSeesTheJdkAndThePortAndNothingElseOfTheServer() throws IOException {
        for (String name : List.of(
                "com.sun.net.httpserver.HttpServer",
                "dev.rung.payments.channel.ChannelContext",
                "dev.rung.payments.bill.BillFormat",
                "dev.rung.core.model.Ladder")) {
            plugin("seen.jar", type("seeing", looksFor(name)));
            assertThat(read().types().names()).contains("seeing");
        }
        for (String name : List.of(
                "dev.rung.settings.Settings",
                "dev.rung.core.port.MetaStore",
                "dev.rung.channel.alipay.AlipayType",
                "org.yaml.snakeyaml.Yaml",
                "demo.Missing")) {
            plugin("seen.jar", type("seeing", looksFor(name)));
            assertThat(problems())
                    .singleElement()
                    .asString()
                    .startsWith("--plugins \"" + plugins + "\" contains seen.jar, which cannot be loaded: ")
                    .contains(name);
        }
    }

    private static String looksFor(String name) {
        return "try { Class.forName(\"" + name + "\"); } catch (ClassNotFoundException e) {"
                + " throw new IllegalStateException(e); }";
    }

    @Test
    void aJarThatIsNoPluginStopsTheStartAndIsNamed() throws IOException {
        Path broken = Files.writeString(plugins.resolve("broken.jar"), "not a jar");
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--plugins \"" + plugins + "\" contains broken.jar, which is not a readable jar: ");

        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(broken))) {
            out.putNextEntry(new JarEntry("empty.txt"));
        }
        assertThat(problems())
                .containsExactly(
                        "--plugins \"" + plugins + "\" contains broken.jar, which contains no channel and no dialect: "
                                + SERVICE + " and dev.rung.crypto.dialect.SigningDialect name none");

        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(broken))) {
            out.putNextEntry(new JarEntry(SERVICE));
            out.write("demo.Missing\n".getBytes());
        }
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("--plugins \"" + plugins + "\" contains broken.jar, which cannot be loaded: ")
                .contains("demo.Missing");
    }

    @Test
    void aTypeThatIsKnownAlreadyStopsTheStart() throws IOException {
        plugin("again.jar", type("alipay", ""));
        assertThat(problems())
                .containsExactly("--plugins \"" + plugins
                        + "\" contains again.jar, whose channel type \"alipay\" already exists");
    }

    @Test
    void aFolderThatIsNotThereStopsTheStart() {
        plugins = folder.resolve("absent");
        assertThat(problems()).containsExactly("--plugins \"" + plugins + "\" is not a folder");
    }
}
