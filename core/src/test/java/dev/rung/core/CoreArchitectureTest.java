package dev.rung.core;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;

/** The layers of the core, and the rules that make it usable in a simulation that replays a run from one seed. */
@AnalyzeClasses(packages = "dev.rung.core", importOptions = DoNotIncludeTests.class)
class CoreArchitectureTest {
    private static final String MODEL = "dev.rung.core.model..";
    private static final String PORT = "dev.rung.core.port..";
    private static final String FLOW = "dev.rung.core.flow..";

    /** The parts of the JDK that the core may use: no SQL, no HTTP, no sockets, no files, no desktop. */
    private static final DescribedPredicate<JavaClass> JDK = resideInAnyPackage(
                    "java.lang..",
                    "java.math",
                    "java.nio",
                    "java.nio.charset",
                    "java.security",
                    "java.text",
                    "java.time..",
                    "java.util..")
            .or(belongToAnyOf(
                    java.io.Serializable.class, java.io.IOException.class, java.io.UncheckedIOException.class))
            .or(resideInAPackage("org.jspecify.."))
            .as("the plain JDK or JSpecify");

    @ArchTest
    static final ArchRule theModelKnowsNothingButItself =
            classes().that().resideInAPackage(MODEL).should().onlyDependOnClassesThat(JDK.or(resideInAPackage(MODEL)));

    @ArchTest
    static final ArchRule thePortsSpeakOfTheModelOnly = classes()
            .that()
            .resideInAPackage(PORT)
            .should()
            .onlyDependOnClassesThat(JDK.or(resideInAnyPackage(MODEL, PORT)));

    @ArchTest
    static final ArchRule theFlowReachesTheWorldThroughPorts = classes()
            .that()
            .resideInAPackage(FLOW)
            .should()
            .onlyDependOnClassesThat(JDK.or(resideInAnyPackage(MODEL, PORT, FLOW)));

    @ArchTest
    static final ArchRule thereIsNothingBesidesTheThreeLayers =
            classes().should().resideInAnyPackage(MODEL, PORT, FLOW);

    /** A reader follows the flow downwards: a class that calls another is not called by it, directly or through others. */
    @ArchTest
    static final ArchRule theFlowHasNoCycles = slices().assignedFrom(new TopLevelClasses("dev.rung.core.flow"))
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule timeComesInThroughConstructors = noClasses()
            .should()
            .dependOnClassesThat(belongToAnyOf(Clock.class, Timer.class))
            .orShould()
            .callMethodWhere(namedCall(System.class, "currentTimeMillis").or(namedCall(System.class, "nanoTime")))
            .orShould()
            .callMethodWhere(namedCall(Instant.class, "now")
                    .or(namedCall(InstantSource.class, "system"))
                    .or(namedCall(LocalDateTime.class, "now"))
                    .or(namedCall(OffsetDateTime.class, "now"))
                    .or(namedCall(ZonedDateTime.class, "now")))
            .because("a simulation moves the clock itself");

    @ArchTest
    static final ArchRule chanceComesInThroughConstructors = noClasses()
            .should()
            .dependOnClassesThat(belongToAnyOf(ThreadLocalRandom.class, Random.class))
            .orShould()
            .callMethodWhere(namedCall(Math.class, "random").or(namedCall(UUID.class, "randomUUID")))
            .because("one seed must replay one history");

    @ArchTest
    static final ArchRule threadsComeInThroughConstructors = noClasses()
            .should()
            .dependOnClassesThat(belongToAnyOf(Executors.class, ForkJoinPool.class))
            .orShould()
            .callMethodWhere(namedCall(Thread.class, "sleep")
                    .or(namedCall(Thread.class, "start"))
                    .or(namedCall(Thread.class, "startVirtualThread"))
                    .or(namedCall(Thread.class, "ofVirtual"))
                    .or(namedCall(Thread.class, "ofPlatform")))
            .because("a simulation decides what runs next");

    private static DescribedPredicate<JavaCall<?>> namedCall(Class<?> owner, String name) {
        return target(owner(com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(owner)))
                .and(target(name(name)));
    }
}
