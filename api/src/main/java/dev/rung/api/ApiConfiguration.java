package dev.rung.api;

import dev.rung.core.model.EndpointId;
import dev.rung.core.model.MerchantId;
import dev.rung.core.model.NotificationId;
import dev.rung.core.model.RejectedId;
import dev.rung.payments.model.DiscrepancyId;
import dev.rung.payments.model.PaymentId;
import dev.rung.payments.model.ReconciliationId;
import dev.rung.payments.model.RefundId;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The controllers of the API, and the services that they share with the console. */
@Configuration(proxyBeanMethods = false)
@Import({
    AlertController.class,
    AlertService.class,
    ApprovalController.class,
    AuditController.class,
    AuditRecorder.class,
    CallbackController.class,
    ChannelController.class,
    ChannelService.class,
    DiscrepancyController.class,
    DiscrepancyService.class,
    EndpointController.class,
    EndpointService.class,
    EventsController.class,
    IntakeConfiguration.class,
    KeyController.class,
    KeyService.class,
    LadderController.class,
    MerchantController.class,
    MerchantKeyController.class,
    MerchantService.class,
    NotificationController.class,
    OpenApiController.class,
    OperationsController.class,
    PaymentController.class,
    PaymentRequestReader.class,
    PaymentService.class,
    PortalLinkService.class,
    ReceiverKeys.class,
    ReconciliationController.class,
    RefundController.class,
    RefundRequestReader.class,
    RefundService.class,
    RejectedController.class,
    RejectedService.class,
    ResendService.class,
    TestNotificationService.class,
    Timeline.class,
    TimelineController.class,
    WaitingCancellation.class
})
public class ApiConfiguration implements WebMvcConfigurer {

    /** Ids in paths. */
    @Override
    public void addFormatters(FormatterRegistry registry) {
        registry.addConverter(String.class, DiscrepancyId.class, DiscrepancyId::parse);
        registry.addConverter(String.class, EndpointId.class, EndpointId::parse);
        registry.addConverter(String.class, MerchantId.class, MerchantId::parse);
        registry.addConverter(String.class, NotificationId.class, NotificationId::parse);
        registry.addConverter(String.class, PaymentId.class, PaymentId::parse);
        registry.addConverter(String.class, ReconciliationId.class, ReconciliationId::parse);
        registry.addConverter(String.class, RefundId.class, RefundId::parse);
        registry.addConverter(String.class, RejectedId.class, RejectedId::parse);
    }
}
