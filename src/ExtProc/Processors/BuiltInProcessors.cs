using ExtProc.Pipeline;

namespace ExtProc.Processors;

/// <summary>The processors that come with the server: the list, one line each. A test keeps it complete.</summary>
public static class BuiltInProcessors
{
    /// <summary>Adds them to a catalog.</summary>
    public static ProcessorCatalog AddBuiltIn(this ProcessorCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog
            .Add(ProcessorKind.Of<HeadersProcessor, HeadersOptions>("headers", isShared: true))
            .Add(ProcessorKind.Of<InstructedProcessor, InstructedOptions>("instructed"))
            .Add(ProcessorKind.Of<ReplaceProcessor, ReplaceOptions>("replace", isShared: true));
    }
}
