package dev.rung.payments.port;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ForwardingChannelTest {
    /** A method of the port that it does not pass on would have its default, whatever the channel does. */
    @Test
    void everyMethodOfTheChannelIsPassedOn() {
        List<String> passedOn = names(Arrays.stream(ForwardingChannel.class.getDeclaredMethods()));
        assertThat(passedOn)
                .containsAll(names(Arrays.stream(PaymentChannel.class.getMethods())
                        .filter(method -> !Modifier.isStatic(method.getModifiers()))));
    }

    private static List<String> names(Stream<Method> methods) {
        return methods.map(method -> method.getName() + Arrays.toString(method.getParameterTypes()))
                .toList();
    }
}
