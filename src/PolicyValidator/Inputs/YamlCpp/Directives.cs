using System.Text.RegularExpressions;
using PolicyValidator.Inputs.Yaml;

namespace PolicyValidator.Inputs.YamlCpp;

/// <summary>What the lines with a percent sign before a document say; a document without such lines keeps those of the one before.</summary>
internal sealed partial class Directives
{
    private readonly Dictionary<string, string> handles = [];
    private bool hasVersion;

    /// <summary>Takes one in.</summary>
    public void Add(Token directive)
    {
        switch (directive.Value)
        {
            case "YAML":
                AddVersion(directive);
                break;
            case "TAG":
                AddHandle(directive);
                break;
        }
    }

    /// <summary>A tag in full; null for none.</summary>
    public string? Resolve(Token tag) => tag.Form switch
    {
        TagForm.Verbatim => tag.Value.Length == 0 ? null : tag.Value,
        TagForm.Primary => handles.GetValueOrDefault("!", "!") + tag.Value,
        TagForm.Secondary => Secondary + tag.Value,
        TagForm.Named => (tag.Value.Length == 0 ? Secondary : handles.GetValueOrDefault($"!{tag.Value}!", $"!{tag.Value}!")) + tag.Words[0],
        _ => "!",
    };

    private string Secondary => handles.GetValueOrDefault("!!", "tag:yaml.org,2002:");

    private void AddVersion(Token directive)
    {
        bool isVersion = directive.Words.Count == 1 && Version().IsMatch(directive.Words[0]);
        if (!isVersion || hasVersion)
        {
            throw Refusal.At(directive.Start, directive.End, hasVersion ? "a second %YAML line" : "a %YAML line without a version 1.n", "write %YAML 1.2 once, or remove the line");
        }

        hasVersion = true;
    }

    private void AddHandle(Token directive)
    {
        if (directive.Words.Count != 2 || !handles.TryAdd(directive.Words[0], directive.Words[1]))
        {
            throw Refusal.At(directive.Start, directive.End, "a %TAG line without a handle of its own and a prefix", "write %TAG !name! prefix, each handle once");
        }
    }

    [GeneratedRegex(@"^\+?0*[01].[+]?[0-9]{1,9}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
