using System.Text.RegularExpressions;
using Envoy.Api.Protos;
using PolicyValidator.Expressions.JsonPath;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>Why the path of an EnvoyPatchPolicy's operation leads to nothing.</summary>
/// <param name="Message">What is found.</param>
/// <param name="Help">What to write.</param>
/// <param name="IsSure">Whether nothing that is not among the inputs can make it lead to something.</param>
internal sealed partial record VainPath(string Message, string Help, bool IsSure)
{
    /// <summary>Enough to see what the names are made of.</summary>
    private const int MostNames = 3;

    /// <summary>The names of Envoy's fields by what they are called in protobuf's JSON, where that is something else.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Fields = new(() => EnvoyDescriptors.All
        .SelectMany(message => message.Fields.InDeclarationOrder())
        .Where(field => field.JsonName != field.Name)
        .DistinctBy(field => field.JsonName)
        .ToDictionary(field => field.JsonName, field => field.Name, StringComparer.Ordinal));

    /// <summary>The reason for an operation; null where its path may lead to something.</summary>
    public static VainPath? Of(WrittenPatch patch, PolicySet policies) => ForeignName(patch) ?? NoFilter(patch, policies);

    /// <summary>Envoy Gateway patches names in snake_case. Only the last name of a path may be another: it is written, and not looked for.</summary>
    private static VainPath? ForeignName(WrittenPatch patch) => patch.Way.SkipLast(1)
        .Concat(patch.Way.TakeLast(1).OfType<PathStep.Child>())
        .Select(step => step is PathStep.Child child ? child.Name : (step as PathStep.Pointer)?.Token)
        .FirstOrDefault(name => name is not null && Fields.Value.ContainsKey(name)) is { } foreign
            ? new($"the path leads over '{foreign}', which no resource has when Envoy Gateway patches it", $"write {Fields.Value[foreign]}", IsSure: true)
            : null;

    private static VainPath? NoFilter(WrittenPatch patch, PolicySet policies)
    {
        if (patch.Operation["jsonPath"] is null || !IsOfExtProc(patch) || policies.PatchIndex.PutsFilterIn)
        {
            return null;
        }

        IReadOnlyList<(PolicyEntry Entry, bool IsSure)> made = policies.PatchIndex.MayBeOn(patch.Name);
        if (made.Count == 0 || made.Any(each => MayTake(patch, each.Entry, policies)))
        {
            return null;
        }

        bool isKnown = made.Any(each => each.IsSure), isElsewhere = NamesPolicyElsewhere(patch, policies);
        string[] names = [.. made.Take(MostNames + 1).Select(each => each.Entry.FilterName)];
        return isKnown || !isElsewhere
            ? new(
                "the jsonPath finds none of the filters that the policies here make",
                $"Envoy Gateway's names of them: {string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? " and so on" : "")}",
                IsSure: isKnown && !isElsewhere)
            : null;
    }

    private static bool MayTake(WrittenPatch patch, PolicyEntry entry, PolicySet policies) => patch.Filters.Any(filter => policies.PatchIndex.Takes(filter, entry.FilterName, patch.Policy, patch.Operation) != false);

    private static bool IsOfExtProc(WrittenPatch patch) =>
        patch.Filters.Count > 0
        && patch.Filters.All(filter => filter.Field.StartsWith("processing_mode", StringComparison.Ordinal) || Speaks(filter.Key));

    private static bool Speaks(string key) => key.Contains("ext_proc", StringComparison.Ordinal) || key.Contains("extproc", StringComparison.Ordinal);

    /// <summary>Whether the path has the name of a policy that is not among the inputs.</summary>
    private static bool NamesPolicyElsewhere(WrittenPatch patch, PolicySet policies) =>
        PolicyName().Match(patch.Operation.TextOf("jsonPath")!) is { Success: true } name
        && policies.ObjectIndex.Named("gateway.envoyproxy.io", "EnvoyExtensionPolicy", name.Groups[1].Value, name.Groups[2].Value).Count == 0;

    [GeneratedRegex("envoyextensionpolicy/([^/'\"]+)/([^/'\"]+)", RegexOptions.CultureInvariant)]
    private static partial Regex PolicyName();
}
