package dev.rung.payments;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.rung.core.TopLevelClasses;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** The layers of payments, and the rules that make their flow usable in runs that replay from one seed. */
@AnalyzeClasses(packages = "dev.rung.payments", importOptions = DoNotIncludeTests.class)
class PaymentsArchitectureTest {
    private static final String MODEL = "dev.rung.payments.model..";
    private static final String PORT = "dev.rung.payments.port..";
    private static final String FLOW = "dev.rung.payments.flow..";

    private static final DescribedPredicate<JavaClass> JDK = resideInAnyPackage(
                    "java.lang..", "java.math", "java.nio", "java.nio.charset", "java.time..", "java.util..")
            .or(resideInAPackage("org.jspecify.."))
            .as("the plain JDK or JSpecify");

    private static final DescribedPredicate<JavaClass> CORE_MODEL = resideInAPackage("dev.rung.core.model..");

    @ArchTest
    static final ArchRule theModelKnowsNothingButItselfAndTheCores = classes()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .onlyDependOnClassesThat(JDK.or(CORE_MODEL).or(resideInAPackage(MODEL)));

    @ArchTest
    static final ArchRule thePortsSpeakOfModelsOnly = classes()
            .that()
            .resideInAPackage(PORT)
            .should()
            .onlyDependOnClassesThat(JDK.or(CORE_MODEL).or(resideInAnyPackage(MODEL, PORT)));

    @ArchTest
    static final ArchRule theFlowReachesTheWorldThroughPorts = classes()
            .that()
            .resideInAPackage(FLOW)
            .should()
            .onlyDependOnClassesThat(
                    JDK.or(resideInAPackage("dev.rung.core..")).or(resideInAnyPackage(MODEL, PORT, FLOW)));

    /** A reader follows the flow downwards: a class that calls another is not called by it, directly or through others. */
    @ArchTest
    static final ArchRule theFlowHasNoCycles = slices().assignedFrom(new TopLevelClasses("dev.rung.payments.flow"))
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule timeChanceAndThreadsComeInThroughConstructors = noClasses()
            .that()
            .resideInAnyPackage(MODEL, PORT, FLOW)
            .should()
            .dependOnClassesThat(belongToAnyOf(Clock.class, ThreadLocalRandom.class, Random.class, Executors.class))
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "startVirtualThread", Runnable.class)
            .because("one seed must replay one history");
}
