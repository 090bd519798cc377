using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A text inside a value of which nothing could be judged.</summary>
internal sealed class EP194UnreadText : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.UnreadText;

    public override string Id => "EP194";
    public override string Name => "unread-text";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Text inside a value that names a type of ext_proc is YAML or JSON, so that it can be judged.";
    public override string Why => "What stands in this text was not judged: it may hold a configuration that Envoy refuses, or that does nothing.";
    public override IReadOnlyList<string> Sources => ["ConfigMap.data, and any value of any kind of object"];
    public override string Bad => """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: envoy
        data:
          filter: |
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            message_timeout: {{ .Values.timeout }} # EP194

        """;
    public override string Good => Bad.Replace("{{ .Values.timeout }} # EP194", "1s", StringComparison.Ordinal);

    private protected override Finding Report(ConfigProblem problem) =>
        base.Report(problem) with { Message = $"text that names a type of ext_proc was not judged: {problem.Message}" };
}
