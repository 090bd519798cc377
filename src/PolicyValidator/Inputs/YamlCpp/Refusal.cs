namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>Says why Envoy does not read a file.</summary>
internal static class Refusal
{
    /// <summary>What stands there, and how to write it.</summary>
    public static SyntaxException At(int start, int end, string message, string help) => new(new(new(start, Math.Max(start, end)), $"Envoy cannot read this: {message}", help));
}
