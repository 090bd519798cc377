namespace PolicyValidator.Rules;

/// <summary>Something of which there is more than is judged.</summary>
internal sealed class EP166NotJudgedWhole : Rule
{
    public override string Id => "EP166";
    public override string Name => "not-judged-whole";
    public override Severity Severity => Severity.Warning;
    public override bool SpeaksOfRun => true;
    public override string Summary => "There is no more of anything than is judged.";
    public override string Why => "What goes together in pairs is looked at up to a limit, so that no input keeps the validator busy for ever. What stands beyond the limit was not judged: it may hold what Envoy refuses, or what does nothing.";
    public override IReadOnlyList<string> Sources => ["limits of the validator itself", "ReferenceGrant, spec.from, spec.to", "Gateway, spec.listeners", "HTTPRoute, spec.parentRefs"];
    public override string Bad => Head + string.Concat(Enumerable.Range(1, 15).Select(Entry)) + """
          - {group: gateway.envoyproxy.io, kind: EnvoyExtensionPolicy, namespace: team-16} # EP166

        """;
    public override string Good => Head + string.Concat(Enumerable.Range(1, 15).Select(Entry));

    public override IEnumerable<Finding> Check(RuleContext context) =>
        context.Policies.Unjudged.All.Select(part => At(part.Document, part.Node, part.Message, part.Help));

    private static string Entry(int team) => $$"""
          - {group: gateway.envoyproxy.io, kind: EnvoyExtensionPolicy, namespace: team-{{team}}}

        """;

    private const string Head = """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
          namespace: shop
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              namespace: platform
              port: 9002
            processingMode:
              request: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: processor
          namespace: platform
        spec:
          ports:
          - port: 9002
        ---
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata:
          name: processor
          namespace: platform
        spec:
          to:
          - {group: "", kind: Service}
          from:
          - {group: gateway.envoyproxy.io, kind: EnvoyExtensionPolicy, namespace: shop}

        """;
}
