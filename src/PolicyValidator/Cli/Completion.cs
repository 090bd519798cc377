using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Scripts that complete commands, flags and their values in a shell; printed from <see cref="Flag.All"/>.</summary>
internal static class Completion
{
    private const string Commands = "lint explain rules playground completion";

    /// <summary>The script for a shell.</summary>
    /// <exception cref="UsageException">A shell that has none.</exception>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash(),
        "zsh" => Zsh(),
        "fish" => Fish(),
        _ => throw new UsageException($"there is no completion for \"{DisplayText.Safe(shell)}\"; use bash, zsh or fish"),
    };

    private static string AllFlags => string.Join(' ', Flag.All.Select(flag => flag.Name));

    private static IEnumerable<Flag> WithValues => Flag.All.Where(flag => flag.Values.Length > 0);

    private static string Bash() => $$"""
        # eval "$(policy-validator completion bash)"
        _policy_validator() {
          local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} prefix=
          # bash breaks words at equals signs: --format=json is three words, and so is envoy=1.38.
          if [[ $word == = ]]; then word=; set -- $((COMP_CWORD-1)); elif [[ $before == = ]]; then set -- $((COMP_CWORD-2)); else set --; fi
          if (($#)); then
            before=${COMP_WORDS[$1]}
            if [[ $before != --* ]]; then prefix=$before=; before=${COMP_WORDS[$1-1]}; fi
          fi
          case $before in
        {{Lines(WithValues.Select(flag => $"    {flag.Name}) COMPREPLY=($(compgen -W '{string.Join(' ', flag.Values)}' -- \"$prefix$word\")); COMPREPLY=(\"${{COMPREPLY[@]#\"$prefix\"}}\"); return ;;"))}}
            explain|--select|--ignore) COMPREPLY=($(compgen -W "$(policy-validator rules | sed -n 's/^| \(EP[0-9]*\) .*/\1/p')" -- "$word")); return ;;
            completion) COMPREPLY=($(compgen -W 'bash zsh fish' -- "$word")); return ;;
            playground) COMPREPLY=($(compgen -W '--listen' -- "$word")); return ;;
          esac
          if ((COMP_CWORD == 1)); then
            COMPREPLY=($(compgen -W '{{Commands}} --help --version' -- "$word"))
          elif [[ $word == -* ]]; then
            COMPREPLY=($(compgen -W '{{AllFlags}}' -- "$word"))
          else
            COMPREPLY=($(compgen -f -- "$word"))
          fi
        }
        complete -o filenames -F _policy_validator policy-validator

        """;

    private static string Zsh() => $$"""
        #compdef policy-validator
        # policy-validator completion zsh > "${fpath[1]}/_policy-validator"
        _policy_validator() {
          if ((CURRENT == 2)); then
            compadd {{Commands}} -- --help --version
            return
          fi
          case $words[2] in
            lint) _arguments '*:file:_files' \
        {{Lines(Flag.All.Select(flag => $"      '{flag.Name}{ZshArgument(flag)}' \\"))}}
              ;;
            explain) compadd $(policy-validator rules | sed -n 's/^| \(EP[0-9]*\) .*/\1/p') ;;
            completion) compadd bash zsh fish ;;
            playground) compadd -- --listen ;;
          esac
        }
        if [[ $funcstack[1] == _policy-validator ]]; then _policy_validator; else compdef _policy_validator policy-validator; fi

        """;

    private static string ZshArgument(Flag flag)
    {
        string help = $"[{flag.Help.Replace("'", "", StringComparison.Ordinal)}]".Replace(":", "\\:", StringComparison.Ordinal);
        return (flag.Argument, flag.Values) switch
        {
            (null, _) => help,
            (_, []) => $"{help}:value:_files",
            (_, var values) => $"{help}:value:({string.Join(' ', values)})",
        };
    }

    private static string Fish() => $$"""
        # policy-validator completion fish | source
        complete -c policy-validator -n __fish_use_subcommand -f -a '{{Commands}}'
        complete -c policy-validator -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'
        complete -c policy-validator -n '__fish_seen_subcommand_from playground' -x -l listen -d 'where the page is served: 127.0.0.1:PORT'
        complete -c policy-validator -n '__fish_seen_subcommand_from explain' -f -a "(policy-validator rules | string match -rg '^\| (EP[0-9]+)')"
        {{Lines(Flag.All.Select(flag => $"complete -c policy-validator -n '__fish_seen_subcommand_from lint' -l {flag.Name[2..]}{FishArgument(flag)} -d '{flag.Help.Replace("'", "", StringComparison.Ordinal)}'"))}}

        """;

    private static string FishArgument(Flag flag) => (flag.Argument, flag.Values) switch
    {
        (null, _) => "",
        (_, []) => " -r",
        (_, var values) => $" -x -a '{string.Join(' ', values)}'",
    };

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
