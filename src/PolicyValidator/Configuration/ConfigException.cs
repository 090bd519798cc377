using PolicyValidator.Inputs;

namespace PolicyValidator.Configuration;

/// <summary>A configuration file, or a baseline, cannot be obeyed.</summary>
internal sealed class ConfigException(SourceText source, SourceSpan span, string problem) : Exception(problem)
{
    /// <summary>The file, line and column.</summary>
    public string Place { get; } = $"{source.Name}:{source.PositionAt(span.Start).Line}:{source.PositionAt(span.Start).Column}";
}
