using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>A field that a resource has from some release on, of products whose definitions are not held here.</summary>
/// <param name="Path">The way from the object to the field; <c>[]</c> after a list.</param>
/// <param name="Since">The first release that has it.</param>
internal sealed record LaterField(string Path, ProductVersion Since)
{
    /// <summary>Of kgateway's GatewayExtension.</summary>
    public static IReadOnlyList<LaterField> OfGatewayExtension { get; } =
    [
        new("spec.extProc.allowedProcessingModeOverrides", new(2, 3, 0)),
        new("spec.extProc.filterStage", new(2, 4, 0)),
    ];

    /// <summary>Of agentgateway's AgentgatewayPolicy.</summary>
    public static IReadOnlyList<LaterField> OfAgentgatewayPolicy { get; } =
    [
        new("spec.traffic.extProc.conditional", new(1, 2, 0)),
        new("spec.traffic.extProc.processingOptions", new(1, 3, 0)),
        new("spec.traffic.extProc.conditional[].processingOptions", new(1, 3, 0)),
        new("spec.traffic.extProc.failureMode", new(1, 4, 0)),
        new("spec.traffic.extProc.conditional[].failureMode", new(1, 4, 0)),
    ];

    /// <summary>The fields of an object that its release does not have.</summary>
    public static IEnumerable<ConfigProblem> In(KubernetesObject found, IReadOnlyList<LaterField> fields, string product, ProductVersion release) =>
        from field in fields
        where release < field.Since
        from value in Values(found.Value, field.Path.Split('.'))
        let name = field.Path[(field.Path.LastIndexOf('.') + 1)..]
        select new ConfigProblem(
            ProblemKind.KubernetesField,
            found.Document,
            value.Node.Entry?.Key.UseSpan ?? value.Node.UseSpan,
            value.Node.Pointer,
            $"'{name}' is not a field of {found.Kind} in {product} {release.Line}",
            $"remove it, or use {product} {field.Since.Line} or later");

    private static IEnumerable<KubernetesValue> Values(KubernetesValue at, ReadOnlySpan<string> path)
    {
        if (path.Length == 0)
        {
            return [at];
        }

        string name = path[0].TrimEnd(']').TrimEnd('[');
        IEnumerable<KubernetesValue> next = path[0].EndsWith("[]", StringComparison.Ordinal) ? at.ItemsOf(name) : at[name] is { } value ? [value] : [];
        string[] rest = [.. path[1..]];
        return next.SelectMany(each => Values(each, rest));
    }
}
