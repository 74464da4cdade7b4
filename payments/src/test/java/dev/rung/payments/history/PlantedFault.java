package dev.rung.payments.history;

import dev.rung.payments.model.Evidence;
import dev.rung.payments.model.Payment;
import dev.rung.payments.model.Refund;
import dev.rung.payments.model.RefundEvidence;
import dev.rung.payments.port.ChannelRefunds;
import dev.rung.payments.port.ForwardingChannel;
import dev.rung.payments.port.PaymentChannel;
import dev.rung.payments.port.PaymentStore;
import dev.rung.payments.port.PaymentStore.Change;
import dev.rung.payments.port.RefundStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/** A planted bug, to show that the runs detect it. */
public enum PlantedFault {
    NONE,
    /** Changes are written even if the payment has changed meanwhile. */
    NO_COMPARE_AND_SET {
        @Override
        PaymentStore store(PaymentStore store) {
            return proxy(PaymentStore.class, store, (method, args) -> {
                if (method.equals("change")) {
                    Change change = (Change) ((List<?>) args[0]).getFirst();
                    Payment now = store.find(change.before().id()).orElseThrow();
                    args[0] = List.of(new Change(
                            now,
                            change.after(),
                            change.events(),
                            change.callback(),
                            change.notification(),
                            change.discrepancy()));
                }
            });
        }
    },
    /** "No such order" is taken for a failure. */
    NOT_FOUND_IS_FAILED {
        @Override
        PaymentChannel channel(PaymentChannel channel) {
            return new ForwardingChannel(channel) {
                @Override
                public Exchange query(Payment payment) {
                    Exchange e = channel.query(payment);
                    return e.evidence() instanceof Evidence.NotFound(String reason)
                            ? new Exchange(new Evidence.Failed(reason), e.durationMillis(), e.answer())
                            : e;
                }
            };
        }
    },
    /** A close without an answer is taken for closed. */
    SILENCE_IS_CLOSED {
        @Override
        PaymentChannel channel(PaymentChannel channel) {
            return new ForwardingChannel(channel) {
                @Override
                public Exchange close(Payment payment) {
                    Exchange e = channel.close(payment);
                    return e.evidence() instanceof Evidence.Unknown
                            ? new Exchange(new Evidence.Closed(), e.durationMillis(), "closed")
                            : e;
                }
            };
        }
    },
    /** Signatures of callbacks are not verified. */
    BELIEVES_EVERYBODY {
        @Override
        PaymentChannel channel(PaymentChannel channel) {
            return new ForwardingChannel(channel) {
                @Override
                public Callback readCallback(CallbackRequest request) {
                    return channel.readCallback(new CallbackRequest(
                            java.util.Map.of("signature", List.of("good")), request.query(), request.body()));
                }
            };
        }
    },
    /** Whatever the channel says of a refund that it has not ended is taken for a failure. */
    UNKNOWN_REFUND_IS_FAILED {
        @Override
        PaymentChannel channel(PaymentChannel channel) {
            return new ForwardingChannel(channel) {
                @Override
                public Optional<ChannelRefunds> refunds() {
                    return channel.refunds().map(PlantedFault::hasty);
                }
            };
        }
    },
    /** The end of a refund is not told. */
    REFUNDS_ARE_NOT_TOLD {
        @Override
        RefundStore refunds(RefundStore store) {
            return proxy(RefundStore.class, store, (method, args) -> {
                if (method.equals("change")) {
                    RefundStore.Change c = (RefundStore.Change) args[0];
                    args[0] = new RefundStore.Change(
                            c.before(), c.after(), c.events(), c.callback(), null, c.discrepancy());
                }
            });
        }
    },
    /** Refunds are changed even if they have changed meanwhile. */
    REFUNDS_WITHOUT_COMPARE_AND_SET {
        @Override
        RefundStore refunds(RefundStore store) {
            return proxy(RefundStore.class, store, (method, args) -> {
                if (method.equals("change")) {
                    RefundStore.Change c = (RefundStore.Change) args[0];
                    args[0] = new RefundStore.Change(
                            store.find(c.before().id()).orElseThrow(),
                            c.after(),
                            c.events(),
                            c.callback(),
                            c.notification(),
                            c.discrepancy());
                }
            });
        }
    },
    /** The result notification is not written. */
    ENDS_ARE_NOT_TOLD {
        @Override
        PaymentStore store(PaymentStore store) {
            return proxy(PaymentStore.class, store, (method, args) -> {
                if (method.equals("change")) {
                    Change c = (Change) ((List<?>) args[0]).getFirst();
                    args[0] =
                            List.of(new Change(c.before(), c.after(), c.events(), c.callback(), null, c.discrepancy()));
                }
            });
        }
    };

    /** The store as the faulty flow uses it. */
    PaymentStore store(PaymentStore store) {
        return store;
    }

    /** The store of refunds as the faulty flow uses it. */
    RefundStore refunds(RefundStore store) {
        return store;
    }

    private static ChannelRefunds hasty(ChannelRefunds refunds) {
        return new ChannelRefunds() {
            @Override
            public Exchange request(Payment payment, Refund refund) {
                return refunds.request(payment, refund);
            }

            @Override
            public Exchange query(Payment payment, String number) {
                Exchange e = refunds.query(payment, number);
                return e.evidence() instanceof RefundEvidence.Unknown(String reason)
                        ? new Exchange(new RefundEvidence.Failed(reason), e.durationMillis(), e.answer())
                        : e;
            }
        };
    }

    /** The channel as the faulty flow uses it. */
    PaymentChannel channel(PaymentChannel channel) {
        return channel;
    }

    private interface Meddling {
        void with(String method, Object[] args);
    }

    private static <T> T proxy(Class<T> port, T plain, Meddling meddling) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (p, method, args) -> {
            meddling.with(method.getName(), args);
            try {
                return method.invoke(plain, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }));
    }
}
