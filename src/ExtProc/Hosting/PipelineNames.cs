namespace ExtProc.Hosting;

/// <summary>Names of pipelines, which are those of their options.</summary>
internal static class PipelineNames
{
    /// <summary>That of the pipeline without a name.</summary>
    public static readonly string Default = Microsoft.Extensions.Options.Options.DefaultName;
}
