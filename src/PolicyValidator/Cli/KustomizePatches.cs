using PolicyValidator.Files;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Cli;

/// <summary>The files that kustomizations name as patches. They are pieces of objects, and say too little to be judged by themselves.</summary>
internal sealed class KustomizePatches
{
    /// <summary>How far above a patch its kustomization is looked for.</summary>
    private const int MostLevels = 4;

    /// <summary>No kustomization is that large.</summary>
    private const int MaxBytes = 1 << 20;

    private static readonly string[] Names = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

    private readonly Dictionary<string, HashSet<string>> byFolder = new(StringComparer.Ordinal);

    /// <summary>Whether a kustomization in the file's folder, or above it, names the file as a patch.</summary>
    public bool Include(string path)
    {
        string file = Path.GetFullPath(path);
        string? folder = Path.GetDirectoryName(file);
        for (int level = 0; level < MostLevels && folder is not null; level++)
        {
            if (NamedIn(folder).Contains(file))
            {
                return true;
            }

            // What lies above a checkout by chance decides nothing.
            folder = CheckoutRoot.Holds(folder) ? null : Path.GetDirectoryName(folder);
        }

        return false;
    }

    private HashSet<string> NamedIn(string folder)
    {
        if (!byFolder.TryGetValue(folder, out HashSet<string>? named))
        {
            byFolder[folder] = named = [.. Names.Select(name => Path.Combine(folder, name)).Where(File.Exists).SelectMany(Patches).Select(patch => Path.GetFullPath(patch, folder))];
        }

        return named;
    }

    private static IEnumerable<string> Patches(string kustomization) =>
        from document in new InputReader(Stream.Null, MaxBytes).Read(new(kustomization, Boundary.Around(Path.GetDirectoryName(kustomization)!))).Source is { } source ? DocumentReader.Read(new(kustomization + ".yaml", source.Text)) : []
        let root = document.Root as MappingNode
        where root is not null
        from name in (IEnumerable<string?>)
        [
            .. root["patches"].Mappings.Concat(root["patchesJson6902"].Mappings).Select(patch => patch["path"].Text),
            .. (root["patchesStrategicMerge"] as SequenceNode)?.Items.Select(item => item.Text) ?? [],
        ]
        // A strategic merge can be written out in the list itself.
        where name is { Length: > 0 } && !name.Contains('\n', StringComparison.Ordinal)
        select name;
}
