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
 * Makes every class of a process see the wall clock some way off: an agent that puts {@link SteppedWallClock} between them and the
 * machine's clock, which cannot be stepped without stepping it for everybody. Monotonic time stays as it is.
 */
public final class SteppedClockAgent implements ClassFileTransformer {
    private static final ClassDesc STEPPED = ClassDesc.of("dev.rung.server.faults.SteppedWallClock");
    private static final MethodTypeDesc LONG = MethodTypeDesc.of(ConstantDescs.CD_long);

    private SteppedClockAgent() {}

    /** Begins; the argument is the file that says how far off, in seconds. */
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
