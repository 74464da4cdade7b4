package dev.rung.server.faults;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Date;

/**
 * A Java agent that shifts the wall clock for all classes of a process: it redirects their calls to {@link
 * SteppedWallClock}, because the machine's clock cannot be stepped for one process. Monotonic time is unchanged.
 */
public final class SteppedClockAgent implements ClassFileTransformer {
    private static final ClassDesc STEPPED = ClassDesc.of("dev.rung.server.faults.SteppedWallClock");
    private static final MethodTypeDesc LONG = MethodTypeDesc.of(ConstantDescs.CD_long);

    private SteppedClockAgent() {}

    /** Starts the agent; the argument is a file with the shift in seconds. */
    public static void premain(String file, Instrumentation instrumentation) throws Exception {
        SteppedWallClock.follow(file);
        instrumentation.addTransformer(new SteppedClockAgent(), true);
        instrumentation.retransformClasses(
                java.time.Clock.class,
                Class.forName("java.time.Clock$SystemClock"),
                Class.forName("java.time.Clock$SystemInstantSource"),
                Date.class);
    }

    @Override
    public byte[] transform(
            Module module, ClassLoader loader, String name, Class<?> before, ProtectionDomain domain, byte[] bytes) {
        boolean ours = loader == null && before == null || name.endsWith("/SteppedWallClock");
        if (ours) {
            return null;
        }
        ClassModel model = ClassFile.of().parse(bytes);
        return ClassFile.of().transformClass(model, ClassTransform.transformingMethodBodies(SteppedClockAgent::step));
    }

    private static void step(CodeBuilder code, CodeElement element) {
        if (element instanceof InvokeInstruction call && call.name().equalsString("currentTimeMillis")) {
            code.invokestatic(STEPPED, "currentTimeMillis", LONG);
            return;
        }
        code.with(element);
        if (element instanceof InvokeInstruction call && call.name().equalsString("getNanoTimeAdjustment")) {
            code.invokestatic(STEPPED, "offsetNanos", LONG).ladd();
        }
    }
}
