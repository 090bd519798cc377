using PolicyValidator.Decoding;
using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Kubernetes;

/// <summary>An operation of an EnvoyPatchPolicy as it is written.</summary>
/// <param name="Policy">The EnvoyPatchPolicy.</param>
/// <param name="Type">The type URL of the resource that it changes.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Operation">The operation.</param>
internal sealed record WrittenPatch(KubernetesObject Policy, string Type, string Name, KubernetesValue Operation)
{
    /// <summary>The filters of a listener that it changes; none where Envoy Gateway refuses its path.</summary>
    public IReadOnlyList<FilterChoice> Filters { get; private init; } = [];

    /// <summary>What Envoy Gateway says to its JSONPath; null where it takes it.</summary>
    public JsonPathException? Refused { get; private init; }

    /// <summary>Why its JSONPath is not followed; null where it is.</summary>
    public string? NotFollowed { get; private init; }

    /// <summary>Reads those of all objects.</summary>
    public static IReadOnlyList<WrittenPatch> Read(IEnumerable<KubernetesObject> objects) =>
    [
        .. from policy in objects
           where policy.IsA("gateway.envoyproxy.io", "EnvoyPatchPolicy")
           orderby KubernetesScalar.NumberOf(policy.Spec?.TextOf("priority") ?? "0")
           from patch in policy.Spec?.ItemsOf("jsonPatches") ?? []
           where patch["operation"] is not null
           select Followed(new(policy, patch.TextOf("type") ?? "", patch.TextOf("name") ?? "", patch["operation"]!)),
    ];

    private static WrittenPatch Followed(WrittenPatch written)
    {
        try
        {
            IReadOnlyList<PathStep> way = PatchWay.StepsOf(written.Operation);
            return written.Type == ListenerPatch.ListenerType
                ? written with { Filters = FilterChoice.All(way, $"{written.Operation.TextOf("jsonPath")}/{written.Operation.TextOf("path")?.TrimStart('/')}") }
                : written;
        }
        catch (JsonPathException refused)
        {
            return written with { Refused = refused };
        }
        catch (PathNotFollowedException gaveUp)
        {
            return written with { NotFollowed = gaveUp.Message };
        }
    }
}
