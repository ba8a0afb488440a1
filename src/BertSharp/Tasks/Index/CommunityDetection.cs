namespace BertSharp;

/// <summary>
/// Groups the texts of an index that lie around one of them, as sentence-transformers' <c>community_detection</c>: every text is
/// the centre of those near to it; the largest group comes first, and takes its texts from those that follow. Distances are
/// computed twice, so that no list of all neighbours is ever held. Of a binary index the bytes are compared.
/// </summary>
public static class CommunityDetection
{
    /// <summary>The communities.</summary>
    /// <param name="index">The texts.</param>
    /// <param name="options">Threshold and size.</param>
    /// <param name="progress">Receives the number of texts that were compared with all.</param>
    /// <param name="cancellation">Checked between pieces of the index.</param>
    /// <returns>The largest first; of each the positions, the centre first, then the most alike to it. No text is in two.</returns>
    /// <exception cref="ArgumentException">The size is less than 1, or the threshold NaN.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Find(SemanticIndex index, CommunityOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new CommunityOptions();
        if (options.MinSize < 1 || float.IsNaN(options.Threshold))
        {
            throw new ArgumentException($"MinSize is {options.MinSize}, Threshold {options.Threshold}; expected a size of at least 1 and a number.", nameof(options));
        }

        int least = Math.Min(options.MinSize, index.Count);
        int[] sizes = new int[index.Count], all = [.. Enumerable.Range(0, index.Count)];
        int done = 0;
        Visit(index, all, options.Threshold, cancellation, (centre, near, query) =>
        {
            sizes[centre] = near.Count(query);
            done++;
            progress?.Report(done);
        });

        List<IReadOnlyList<int>> communities = [];
        bool[] taken = new bool[index.Count];
        int[] centres = [.. all.Where(centre => sizes[centre] >= least).OrderByDescending(centre => sizes[centre])];
        Visit(index, centres, options.Threshold, cancellation, (centre, near, query) =>
        {
            int[] members = [.. near.Near(query).Where(hit => !taken[hit.Index])
                .OrderByDescending(hit => hit.Index == centre).ThenByDescending(hit => hit.Score).Select(hit => hit.Index)];
            if (members.Length >= least)
            {
                communities.Add(members);
                Array.ForEach(members, member => taken[member] = true);
            }
        });
        return [.. communities.OrderByDescending(members => members.Count)];
    }

    /// <summary>Looks around the given texts, some at a time.</summary>
    private static void Visit(SemanticIndex index, int[] centres, float threshold, CancellationToken cancellation, Action<int, NearVisitor, int> look)
    {
        NearVisitor near = new(threshold);
        RowScan scan = new();
        float[] queries = new float[RowScan.MaxQueries * index.Dimension];
        foreach (int[] block in centres.Chunk(RowScan.MaxQueries))
        {
            for (int i = 0; i < block.Length; i++)
            {
                index.CopyVector(block[i], queries.AsSpan(i * index.Dimension, index.Dimension));
            }

            scan.Run(index.Rows.Precise, queries.AsSpan(0, block.Length * index.Dimension), near, cancellation);
            for (int i = 0; i < block.Length; i++)
            {
                look(block[i], near, i);
            }
        }
    }
}
