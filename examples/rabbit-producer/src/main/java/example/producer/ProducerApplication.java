package example.producer;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Submits one payment result: merchant id, order number, amount. */
@SpringBootApplication
public class ProducerApplication implements ApplicationRunner {
    private final PaymentResults results;

    public ProducerApplication(PaymentResults results) {
        this.results = results;
    }

    public static void main(String[] args) {
        SpringApplication.run(ProducerApplication.class, args);
    }

    @Override
    public void run(ApplicationArguments arguments) {
        String[] result = arguments.getSourceArgs();
        System.out.println("confirmed " + results.paid(result[0], result[1], result[2]));
    }
}
