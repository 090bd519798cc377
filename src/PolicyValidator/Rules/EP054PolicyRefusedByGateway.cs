using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A policy that Kubernetes stores and Envoy Gateway does not carry out.</summary>
internal sealed class EP054PolicyRefusedByGateway : Rule
{
    public override string Id => "EP054";
    public override string Name => "policy-refused-by-gateway";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A policy names its processor: a Service that has the port.";
    public override string Why => "Envoy Gateway sets the policy's condition Accepted to False, reason Invalid, and every route that it is for answers 500.";
    public override IReadOnlyList<string> Sources => ["EnvoyExtensionPolicy, spec.extProc.backendRefs"];
    public override string Bad => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              port: 4000 # EP054
            processingMode:
              request: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: processor
        spec:
          ports:
          - port: 9002

        """;
    public override string Good => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              port: 9002
            processingMode:
              request: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: processor
        spec:
          ports:
          - port: 9002

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
    [
        .. from problem in context.Policies.Problems
           where problem.Kind == ProblemKind.RefusedByController
           select new Finding(this, Severity, problem.Document.Source, problem.Span, problem.Pointer, problem.Message, problem.Help) { Document = problem.Document },
        .. from entry in context.Policies.Filters.Select(filter => filter.MadeFrom).OfType<PolicyEntry>()
           from backend in entry.Entry.ItemsOf("backendRefs")
           from service in Services.Named(context.Policies, entry.Policy, backend).Where(service => !service.HasPort(backend["port"])).Take(1)
           select At(
               entry.Policy.Document,
               backend["port"]!.Node,
               $"the Service {service.Object.Namespace}/{service.Object.Name} has no port {backend.TextOf("port")}",
               $"use one of its ports: {string.Join(", ", service.Ports)}"),
    ];
}
