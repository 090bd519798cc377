using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Kubernetes;

/// <summary>The way of an EnvoyPatchPolicy's operation to what it changes: a JSONPath, a JSON pointer, or the pointer from what the path finds.</summary>
internal static class PatchWay
{
    /// <summary>No resource of Envoy's is half as deep.</summary>
    private const int MostSteps = 200;

    /// <summary>All of its steps; none where the operation is for the whole resource.</summary>
    /// <exception cref="JsonPathException">Envoy Gateway refuses the JSONPath.</exception>
    /// <exception cref="PathNotFollowedException">The JSONPath is too much for us.</exception>
    public static IReadOnlyList<PathStep> StepsOf(KubernetesValue operation)
    {
        string jsonPath = operation.TextOf("jsonPath") ?? "";
        PathStep[] steps = [.. jsonPath.Length == 0 ? [] : JsonPathParser.Parse(jsonPath), .. Tokens(operation.TextOf("path") ?? "").Select(token => new PathStep.Pointer(token))];
        return steps.Length <= MostSteps ? steps : throw new PathNotFollowedException($"it has more than {MostSteps} steps");
    }

    /// <summary>The name at the end of it, past places in lists; empty where there is none or the path cannot be read.</summary>
    public static string LastName(KubernetesValue operation)
    {
        try
        {
            return StepsOf(operation).Select(NameOf).LastOrDefault(name => name.Length > 0) ?? "";
        }
        catch (Exception unread) when (unread is JsonPathException or PathNotFollowedException)
        {
            return "";
        }
    }

    /// <summary>The tokens of a JSON pointer; the slash in front may be left out behind a JSONPath.</summary>
    private static IEnumerable<string> Tokens(string pointer) => pointer.Length == 0
        ? []
        : (pointer[0] == '/' ? pointer[1..] : pointer).Split('/').Select(token => token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    private static string NameOf(PathStep step) => step switch
    {
        PathStep.Child child => child.Name,
        PathStep.Pointer { Token: var token } when token != "-" && !token.All(char.IsAsciiDigit) => token,
        _ => "",
    };
}
