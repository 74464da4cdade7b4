package dev.rung.spring;

import dev.rung.client.Retries;
import dev.rung.client.RungClient;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The client of the servers at {@code rung.url}. */
@AutoConfiguration
@EnableConfigurationProperties(RungProperties.class)
public class RungAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("rung.url")
    RungClient rungClient(RungProperties properties) {
        return client(properties).build();
    }

    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("rung.url")
    RungStatus rungStatus(RungProperties properties) {
        // A check of health should not wait for retries.
        return new RungStatus(client(properties).retries(Retries.NONE).build());
    }

    static RungClient.Builder client(RungProperties properties) {
        String key = properties.apiKey();
        if (key == null) {
            throw new IllegalStateException("rung.url is set, but rung.api-key is not");
        }
        return RungClient.builder().servers(properties.url()).key(key).timeout(properties.timeout());
    }
}
