using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace PolicyValidator.Tests.Cluster;

/// <summary>A published CustomResourceDefinition.</summary>
/// <param name="Product">The folder's name without the version.</param>
/// <param name="Release">The version.</param>
/// <param name="Root">All of it, as JSON.</param>
internal sealed record Definition(string Product, string Release, JsonNode Root)
{
    private const string DefinitionsPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>All that the folder CRDS holds, the oldest release first.</summary>
    public static IReadOnlyList<Definition> All { get; } = [.. Read().OrderBy(each => Version.Parse(each.Release))];

    public string Kind => (string)Root["spec"]!["names"]!["kind"]!;

    public string Group => (string)Root["spec"]!["group"]!;

    /// <summary>The served version that is newest in the file.</summary>
    public JsonNode ServedVersion => Root["spec"]!["versions"]!.AsArray().Last(each => (bool)each!["served"]!)!;

    public JsonNode Schema => ServedVersion["schema"]!["openAPIV3Schema"]!;

    /// <summary>The release's own group in a cluster: many releases stand beside each other, and beside what the cluster has installed.</summary>
    public string TestGroup => $"r{Release.Replace('.', '-')}.{Group}.validator.example";

    private string DefinitionPath => $"{DefinitionsPath}/{Name}";

    private string Name => $"{Plural}.{TestGroup}";

    private string Plural => (string)Root["spec"]!["names"]!["plural"]!;

    /// <summary>Where its objects are created.</summary>
    public string ResourcePath => (string)Root["spec"]!["scope"]! == "Namespaced"
        ? $"/apis/{TestGroup}/{ServedVersion["name"]}/namespaces/default/{Plural}"
        : $"/apis/{TestGroup}/{ServedVersion["name"]}/{Plural}";

    /// <summary>An object's text with the release's own group.</summary>
    public string InTestGroup(string text) => text.Replace($"apiVersion: {Group}/", $"apiVersion: {TestGroup}/", StringComparison.Ordinal);

    /// <summary>Installs it under its own group, and waits until its objects are judged.</summary>
    public async Task InstallAsync(KubernetesApi api)
    {
        JsonNode copy = Root.DeepClone();
        copy["spec"]!["group"] = TestGroup;
        copy["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["annotations"] = new JsonObject { ["api-approved.kubernetes.io"] = "unapproved, a test" },
        };
        using CancellationTokenSource deadline = new(Patience);
        using PeriodicTimer poll = new(TimeSpan.FromMilliseconds(100));
        while ((await api.SendAsync(HttpMethod.Get, ResourcePath)).Status != HttpStatusCode.OK)
        {
            // Looked at each time: one that an earlier run has left may be on its way out.
            if ((await api.SendAsync(HttpMethod.Get, DefinitionPath)).Status == HttpStatusCode.NotFound)
            {
                (HttpStatusCode status, string said) = await api.SendAsync(HttpMethod.Post, DefinitionsPath, copy.ToJsonString(), "application/json");
                Assert.True(status is HttpStatusCode.Created, said);
            }

            await poll.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>Takes it out of the cluster again.</summary>
    public Task RemoveAsync(KubernetesApi api) => api.SendAsync(HttpMethod.Delete, DefinitionPath);

    private static IEnumerable<Definition> Read()
    {
        string folder = Environment.GetEnvironmentVariable("CRDS") ?? throw new InvalidOperationException("CRDS is not set: make test-cluster CRDS=DIR names the folder with definitions, a folder PRODUCT-VERSION each");
        foreach (string path in Directory.GetFiles(folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            Match name = Regex.Match(Path.GetFileName(Path.GetDirectoryName(path)!), "^(.+)-([0-9.]+)$");
            YamlStream yaml = [];
            using StreamReader text = File.OpenText(path);
            yaml.Load(text);
            foreach (YamlDocument document in yaml.Documents.Where(each => each.RootNode is YamlMappingNode))
            {
                yield return new(name.Groups[1].Value, name.Groups[2].Value, YamlJson.Of(document.RootNode)!);
            }
        }
    }
}
