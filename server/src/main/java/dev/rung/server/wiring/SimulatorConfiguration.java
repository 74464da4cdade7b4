package dev.rung.server.wiring;

import dev.rung.channel.gateway.GatewayClient;
import dev.rung.channel.simulator.SimulatedBank;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.queue.local.SteadyClock;
import dev.rung.server.simulator.SimulatorServlet;
import dev.rung.settings.Settings;
import dev.rung.store.spi.Stores;
import java.security.SecureRandom;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The simulated bank and the channel to it: part of a server only where they are wanted. */
@Configuration(proxyBeanMethods = false)
class SimulatorConfiguration {

    @Bean
    Simulator simulator(
            Settings settings,
            Stores stores,
            ServerKeys keys,
            PublicUrl publicUrl,
            SteadyClock clock,
            SecureRandom random) {
        Settings.Listen.Tls tls = settings.listen().tls();
        GatewayClient client =
                new GatewayClient(null, tls == null ? null : SelfTrustingTls.trusting(tls.certificate()));
        return new Simulator(stores, keys, publicUrl, client, clock, random);
    }

    @Bean
    PaymentChannel simulatorChannel(Simulator simulator) {
        return simulator.channel();
    }

    @Bean
    ServletRegistrationBean<SimulatorServlet> simulatorServlet(Simulator simulator) {
        ServletRegistrationBean<SimulatorServlet> registration =
                new ServletRegistrationBean<>(new SimulatorServlet(simulator.bank()), SimulatedBank.PATH + "/*");
        registration.setLoadOnStartup(2);
        return registration;
    }
}
