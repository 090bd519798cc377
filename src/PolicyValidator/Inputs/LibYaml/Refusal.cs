namespace PolicyValidator.Inputs.LibYaml;

/// <summary>Says why the tools of Kubernetes do not read a file.</summary>
internal static class Refusal
{
    /// <summary>What stands there, and how to write it.</summary>
    public static SyntaxException At(int start, int end, string message, string help) => new(new(new(start, Math.Max(start, end)), $"kubectl cannot read this: {message}", help));
}
