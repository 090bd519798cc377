using System.Diagnostics.CodeAnalysis;
using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;

namespace ExtProc.Configuration.Reading;

/// <summary>
/// The <c>pipeline:</c> list. Each item names a processor, says with <c>onError:</c> what its failure means, and holds the processor's
/// own options beside these.
/// </summary>
internal sealed class PipelineReader(ProcessorCatalog catalog)
{
    /// <summary>Keys of an item that no processor can have as options; the last three are kept free for what is to come.</summary>
    public static IReadOnlyList<string> ReservedKeys { get; } = ["name", "onError", "when", "run", "options"];

    /// <summary>Fits <see cref="ConfigTypeReader"/>.</summary>
    public bool TryRead(ConfigBinder binder, ConfigNode node, string path, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (!binder.TryItems(node, path, out var items))
        {
            return false;
        }

        List<PipelineStep> steps = [];
        for (int at = 0; at < items.Count; at++)
        {
            if (Step(binder, items[at], $"{path}[{at}]") is { } step)
            {
                steps.Add(step);
            }
        }

        value = new PipelineDefinition("pipeline", steps);
        return true;
    }

    private PipelineStep? Step(ConfigBinder binder, ConfigNode node, string path)
    {
        binder.Marks.Add(path, node.At);
        if (node is not ConfigMap map || map.Find("name") is not { } name)
        {
            binder.Problems.Error(node.At, $"{path}: {node.Kind} without a name; write \"- name: \" and one of {Names()}");
            return null;
        }

        if (name.Value is not ConfigScalar { IsNull: false } called || !catalog.TryGet(called.Text, out var kind))
        {
            binder.Problems.Error(name.Value.At, $"{path}.name: there is no processor {name.Value.Kind}; {NearName.Advice((name.Value as ConfigScalar)?.Text ?? "", [.. catalog.All.Select(known => known.Name)])}");
            return null;
        }

        OnError onError = map.Find("onError") is { } failure ? Failure(binder, failure.Value, path) : default;
        if (kind.OptionsType is null)
        {
            RefuseOptions(binder, map, kind, path);
            return new(kind, null, onError) { Source = map.At.ToString(), Path = path };
        }

        return binder.TryBindRecord(map, kind.OptionsType, path, out object? options, "name", "onerror")
            ? new(kind, options, onError) { Source = map.At.ToString(), Path = path }
            : null;
    }

    private string Names() => string.Join(", ", catalog.All.Select(kind => kind.Name));

    private static OnError Failure(ConfigBinder binder, ConfigNode node, string path)
    {
        try
        {
            return (OnError)EnumNames.Parse(typeof(OnError), (node as ConfigScalar)?.Text ?? node.Kind);
        }
        catch (FormatException wrong)
        {
            binder.Problems.Error(node.At, $"{path}.onError: {wrong.Message}");
            return default;
        }
    }

    private static void RefuseOptions(ConfigBinder binder, ConfigMap map, ProcessorKind kind, string path)
    {
        foreach (var entry in map.Entries.Where(entry => ConfigKey.Fold(entry.Key.Text) is not ("name" or "onerror")))
        {
            binder.Problems.Error(entry.Key.At, $"{path}: the key \"{entry.Key.Shown}\" is not known; {kind.Name} takes no options besides onError");
        }
    }
}
