package dev.rung.torture;

import dev.rung.torture.BrokerCluster.Node;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The kinds of faults. Each undoes its fault before it returns. */
enum Fault {
    BROKER_LEADER_KILLED("kill -9 of the node that leads rung.ready") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node leader = c.brokers.leader("rung.ready").orElse(node(c, random));
            journal.fault(this, leader.toString());
            leader.kill9();
            hold(random, 3, 6);
            leader.start();
            leader.awaitAnswer();
        }
    },
    BROKER_NODE_KILLED("kill -9 of a node") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node node = node(c, random);
            journal.fault(this, node.toString());
            node.kill9();
            hold(random, 3, 6);
            node.start();
            node.awaitAnswer();
        }
    },
    BROKER_NODE_RESTARTED("restart of a node") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node node = node(c, random);
            journal.fault(this, node.toString());
            c.brokers.control(node, "stop_app");
            c.brokers.control(node, "start_app");
        }
    },
    BROKER_NODE_STOPPED("SIGSTOP of a node") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node node = node(c, random);
            journal.fault(this, node.toString());
            node.freeze();
            hold(random, 5, 12);
            node.resume();
            journal.over();
        }
    },
    MAJORITY_KILLED("kill -9 of two of three nodes") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            int spared = random.nextInt(BrokerCluster.NODES);
            List<Node> killed = c.brokers.nodes().stream()
                    .filter(node -> node.number != spared + 1)
                    .toList();
            journal.fault(this, killed.toString());
            killed.forEach(Node::kill9);
            hold(random, 8, 15);
            killed.forEach(Node::start);
            killed.forEach(Node::awaitAnswer);
            journal.over();
        }
    },
    CONNECTION_CUT("partition of a server from the brokers") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            RungServer server = server(c, random);
            journal.fault(this, server.toString());
            server.toBrokers().forEach(TcpProxy::cut);
            hold(random, 6, 12);
            server.toBrokers().forEach(TcpProxy::restore);
        }
    },
    CONNECTION_FROZEN("freeze of a server's connections to the brokers") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            RungServer server = server(c, random);
            journal.fault(this, server.toString());
            server.toBrokers().forEach(TcpProxy::freeze);
            hold(random, 8, 14);
            server.toBrokers().forEach(TcpProxy::restore);
            journal.over();
        }
    },
    MEMORY_ALARM("memory alarm") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node node = node(c, random);
            journal.fault(this, node.toString());
            c.brokers.control(node, "set_vm_memory_high_watermark", "0.000001");
            hold(random, 5, 10);
            c.brokers.control(node, "set_vm_memory_high_watermark", "0.4");
            journal.over();
        }
    },
    DISK_ALARM("disk alarm") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            Node node = node(c, random);
            journal.fault(this, node.toString());
            c.brokers.control(node, "set_disk_free_limit", "100000GB");
            hold(random, 5, 10);
            c.brokers.control(node, "set_disk_free_limit", "50MB");
            // The broker measures the disk every few seconds only.
            hold(random, 10, 11);
            journal.over();
        }
    },
    QUEUE_DELETED("queue deleted") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            String queue = queue(random);
            journal.fault(this, queue);
            c.brokers.control(node(c, random), "delete_queue", queue);
        }
    },
    QUEUE_PURGED("queue purged") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            String queue = queue(random);
            journal.fault(this, queue);
            c.brokers.control(node(c, random), "purge_queue", queue);
        }
    },
    POLICY_SET("policy set on the queues") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            List<String> policies = List.of("{\"message-ttl\":20000}", "{\"max-length\":5}", "{\"message-ttl\":1000}");
            String policy = policies.get(random.nextInt(policies.size()));
            Node node = node(c, random);
            journal.fault(this, policy);
            c.brokers.control(node, "set_policy", "torture", "^rung", policy, "--apply-to", "queues");
            hold(random, 5, 10);
            c.brokers.control(node, "clear_policy", "torture");
            journal.over();
        }
    },
    DEAD_LETTER_WORKER_SUSPENDED("dead-letter worker suspended") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            String queue = DELAYS.get(random.nextInt(DELAYS.size()));
            Node leader = c.brokers.leader(queue).orElse(node(c, random));
            journal.fault(this, queue + " on " + leader);
            worker(c, leader, queue, "suspend");
            hold(random, 25, 35);
            worker(c, leader, queue, "resume");
        }
    },
    REPLICA_PROMOTED("replica promoted") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            if (!c.database.canFailOver()) {
                c.database.restoreReplica();
            }
            journal.fault(this, "the primary is killed");
            c.database.failOver();
            journal.over();
            c.database.restoreReplica();
        }
    },
    SERVER_KILLED("kill -9 of a server") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            RungServer server = server(c, random);
            journal.fault(this, server.toString());
            server.kill9();
            hold(random, 2, 5);
            server.start();
        }
    },
    SERVER_STOPPED("SIGSTOP of a server") {
        @Override
        void inject(TortureCluster c, Random random, Journal journal) {
            RungServer server = server(c, random);
            journal.fault(this, server.toString());
            server.freeze();
            hold(random, 8, 20);
            server.resume();
            journal.over();
        }
    };

    /** Delay queues that the torture's ladder uses. */
    private static final List<String> DELAYS = List.of("rung.delay.750");

    final String words;

    Fault(String words) {
        this.words = words;
    }

    /** Injects the fault, waits, and undoes it. */
    abstract void inject(TortureCluster cluster, Random random, Journal journal);

    /** Whether it may cause requests without a recorded attempt. */
    boolean explainsRepeats() {
        return this == SERVER_KILLED || this == SERVER_STOPPED;
    }

    /** Records faults with their times. */
    interface Journal {
        /** The fault starts now. */
        void fault(Fault fault, String target);

        /** The cause of the outage has ended; not called for faults without an outage. */
        void over();
    }

    static Node node(TortureCluster cluster, Random random) {
        List<Node> up = cluster.brokers.nodes().stream().filter(Node::isUp).toList();
        return up.get(random.nextInt(up.size()));
    }

    static RungServer server(TortureCluster cluster, Random random) {
        return cluster.servers.get(random.nextInt(cluster.servers.size()));
    }

    private static String queue(Random random) {
        return random.nextBoolean() ? "rung.ready" : DELAYS.get(random.nextInt(DELAYS.size()));
    }

    private static void hold(Random random, int fromSeconds, int toSeconds) {
        LocalProcess.pause(Duration.ofMillis(random.nextLong(fromSeconds * 1_000L, toSeconds * 1_000L)));
    }

    /** Suspends or resumes the broker's process that forwards expired messages of this queue. */
    private static void worker(TortureCluster cluster, Node leader, String queue, String what) {
        cluster.brokers.control(leader, "eval", """
                [case element(2, sys:get_state(P, 2000)) of
                   {resource, <<"/">>, queue, <<"%s">>} -> sys:%s(P);
                   _ -> other
                 end || {_, P, _, _} <- supervisor:which_children(rabbit_fifo_dlx_sup), is_pid(P)].
                """.formatted(queue, what));
    }
}
