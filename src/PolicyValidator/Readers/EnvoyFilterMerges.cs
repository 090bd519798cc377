using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>EnvoyFilters that merge into a filter which another one inserts: what comes of it is judged instead of the halves.</summary>
internal static class EnvoyFilterMerges
{
    /// <summary>More merges into filters than these are judged one by one.</summary>
    private const int MostPairs = 20_000;

    /// <summary>Puts merged filters in the place of those that are merged into.</summary>
    public static void Make(PolicyBuilder builder)
    {
        HttpFilterPatch[] patches = [.. HttpFilterPatch.All(builder.Objects).Where(patch => patch.Config is not null)];
        HttpFilterPatch[] inserts = [.. patches.Where(patch => patch.IsInsert)];
        ILookup<string?, HttpFilterPatch> byName = patches.Where(patch => patch.IsMerge && patch.SubFilter is not null).ToLookup(patch => patch.SubFilter);
        long pairs = inserts.Sum(inserted => (long)byName[inserted.Name].Count());
        if (pairs > MostPairs)
        {
            HttpFilterPatch first = inserts.First(inserted => byName[inserted.Name].Any());
            builder.Unjudged.Add(first.Object.Document, first.Config, $"what {pairs} merges make of the filters that are inserted was not judged, from this filter on: at most {MostPairs} are followed");
            return;
        }

        foreach (HttpFilterPatch inserted in inserts)
        {
            HttpFilterPatch[] merges = [.. byName[inserted.Name].Where(patch => patch.Covers(inserted))];
            if (merges.Length > 0 && builder.FilterAt(inserted.Config!) is { } filter)
            {
                builder.Replace(inserted.Config!, Merged(filter, inserted, merges, builder));
                builder.AddMerged(merges.Select(patch => patch.Config!));
            }
        }
    }

    private static ExtProcFilter Merged(ExtProcFilter filter, HttpFilterPatch inserted, HttpFilterPatch[] merges, PolicyBuilder builder)
    {
        SourceDocument last = merges[^1].Object.Document;
        HttpFilterPatch[] layers = [inserted, .. merges];
        MappingNode merged = MergedNodes.Of([.. layers.Select(layer => (layer.Config!, layer.Object.Document.Source == last.Source))], merges[^1].Config!);
        SourceDocument made = last with
        {
            Root = merged,
            IsPart = true,
            Translation = new Translation("Istio", new Dictionary<string, string?>())
            {
                Parts = [.. layers.Select(layer => (layer.Object.Document, (Node)layer.Config!, ReferenceEquals(layer, inserted) ? "the filter that is inserted" : "what is merged into it"))],
            },
        };
        return filter with { Document = made, Config = new ConfigWalker(made, builder, isDynamic: true).Quietly(EnvoyMessages.ExternalProcessor), Entry = null };
    }
}
